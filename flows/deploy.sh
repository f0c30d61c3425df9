#!/bin/sh
# Start or stop what scheduled runs need on one machine: Prefect server, work pool, worker, deployments.
# Called by make, which sets API, PORT, PREFECT_HOME and the CHENGSHU_ variables. Only processes started here are ended.
set -eu

bin="$CHENGSHU_ROOT/.venv/bin"
state="$PREFECT_HOME/deploy"
export PREFECT_API_URL="$API"
# Who holds a deployment's concurrency slot is remembered on disk: kept in memory (the default), a server that restarts would
# hold the slot of a run that died meanwhile for ever, and every later tick would be dropped.
export PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE=prefect.server.concurrency.lease_storage.filesystem
# A tick every 15 minutes makes 35,000 runs a year; those older than three months are forgotten (their warehouse is not).
export PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED=events,flow_runs

alive() { # the process in a pid file, if it is still the one we started
    [ -f "$state/$1.pid" ] && pid=$(cat "$state/$1.pid") && kill -0 "$pid" 2>/dev/null
}

background() { # name, command...
    name=$1
    shift
    if alive "$name"; then
        echo "$name is running already (process $pid)"
        return
    fi
    # a session of its own: closing the terminal does not end it, and stop can end its children with it
    "$bin/python" -c 'import os, sys; os.setsid(); os.execv(sys.argv[1], sys.argv[1:])' "$@" \
        >>"$state/$name.log" 2>&1 </dev/null &
    echo $! >"$state/$name.pid"
    echo "$name started (process $!), log: $state/$name.log"
}

end() {
    if alive "$1"; then
        kill -TERM "-$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null || true
        for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
            kill -0 "$pid" 2>/dev/null || break
            sleep 1
        done
        kill -KILL "-$pid" 2>/dev/null || true
        echo "$1 ended"
    fi
    rm -f "$state/$1.pid"
}

reachable() {
    "$bin/python" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1] + "/health", timeout=5)' "$API" 2>/dev/null
}

answers() { # within two minutes or a little more
    tries=0
    until reachable; do
        tries=$((tries + 1))
        if [ "$tries" -gt 120 ] || ! alive server; then
            return 1
        fi
        sleep 1
    done
}

case "${1:-}" in
start)
    mkdir -p "$state" "$CHENGSHU_HOME"
    background server "$bin/python" -m prefect server start --host 127.0.0.1 --port "$PORT"
    if ! answers; then # it lives and says nothing (its database locked for ever, for one): a new one takes over what is on disk
        end server
        background server "$bin/python" -m prefect server start --host 127.0.0.1 --port "$PORT"
        if ! answers; then
            echo "the server does not answer at $API; the end of $state/server.log:" >&2
            tail -n 5 "$state/server.log" >&2
            exit 1
        fi
    fi
    "$bin/python" -m prefect --no-prompt work-pool create chengshu --type process --overwrite >/dev/null
    (cd "$CHENGSHU_ROOT" && "$bin/python" -m prefect --no-prompt deploy --all >"$state/apply.log" 2>&1) ||
        { tail -n 20 "$state/apply.log" >&2; exit 1; }
    background worker "$bin/python" -m prefect worker start --pool chengshu --type process
    echo "deployed: http://127.0.0.1:$PORT  warehouse: $CHENGSHU_HOME  inbox: $CHENGSHU_INBOX  (make stop ends it)"
    ;;
stop)
    end worker
    end server
    ;;
*)
    echo "usage: deploy.sh start|stop" >&2
    exit 2
    ;;
esac
