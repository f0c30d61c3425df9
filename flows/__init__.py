"""When and on what: discovery, the runs that read and write, their schedules, and the command line."""
