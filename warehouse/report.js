"use strict";
// Draws the charts and shows the sentence behind a point. All text goes in as text; only the marked sentences, which were
// escaped when the page was made, go in as HTML.
(function () {
  var data = JSON.parse(document.getElementById("data").textContent);
  var select = document.getElementById("indicator");
  var SCALES = data.scales;
  var BOUNDS = { gt: "超", ge: "不低于", lt: "不足", le: "以内", approx: "约" };
  if (!data.series.length) {
    document.getElementById("charts").textContent = "还没有可以画的年度序列。";
    return;
  }
  data.series.forEach(function (entry, at) {
    var option = document.createElement("option");
    option.value = String(at);
    option.textContent = entry.name || entry.id;
    select.appendChild(option);
  });
  var level = echarts.init(document.getElementById("level"), null, { renderer: "svg", locale: "ZH" });
  var growth = echarts.init(document.getElementById("growth"), null, { renderer: "svg", locale: "ZH" });

  function grouped(points, pick) {
    var years = [], cities = {};
    points.forEach(function (point) {
      if (point[pick] === null) { return; }
      if (years.indexOf(point[1]) < 0) { years.push(point[1]); }
      (cities[point[0]] = cities[point[0]] || {})[point[1]] = point;
    });
    years.sort();
    var first = years[0], last = years[years.length - 1], axis = [];
    for (var year = first; year <= last; year += 1) { axis.push(year); }
    return { axis: axis, cities: cities };
  }

  function option(title, unit, points, pick, metric, scale) {
    var shape = grouped(points, pick), names = Object.keys(shape.cities);
    return {
      color: names.map(function (_, at) { return "hsl(" + Math.round(at * 360 / names.length) + ", 60%, " + (at % 2 ? 38 : 52) + "%)"; }),
      animation: false, // a page that is printed or photographed shows all points at once
      aria: { enabled: true },
      textStyle: { fontFamily: '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif' },
      title: { text: title, subtext: unit, top: 0, left: 0, textStyle: { fontSize: 15 } },
      legend: { top: 44, type: "scroll" },
      grid: { top: 84, left: 70, right: 24, bottom: 34 },
      tooltip: { trigger: "axis", renderMode: "richText" },
      toolbox: { top: 0, right: 8, feature: { dataView: { title: "数据视图", readOnly: true, lang: ["数据视图", "关闭", "刷新"] }, saveAsImage: { title: "保存为图片", name: title } } },
      xAxis: { type: "category", data: shape.axis.map(String) },
      yAxis: { type: "value", scale: true },
      series: names.map(function (city) {
        return {
          name: city, type: "line", connectNulls: false, symbolSize: 7,
          data: shape.axis.map(function (year) {
            var point = shape.cities[city][year];
            if (!point) { return null; }
            return {
              value: Math.round(point[pick] / scale * 10000) / 10000, metric: point[metric],
              symbol: pick === 2 && point[4] && point[4] !== "eq" ? "triangle" : point[5] === false ? "emptyCircle" : "circle"
            };
          })
        };
      })
    };
  }

  function show(id) {
    var box = document.getElementById("evidence"), said = data.evidence[id];
    box.textContent = "";
    if (!said) { return; }
    var quote = document.createElement("blockquote");
    quote.innerHTML = said.html;
    var from = document.createElement("p");
    from.className = "quiet";
    from.textContent = [said.outlet, said.title, said.date, said.source, id].filter(Boolean).join(" · ");
    box.appendChild(quote);
    box.appendChild(from);
  }

  function table(entry, scale) {
    var body = document.getElementById("points");
    body.textContent = "";
    entry.points.forEach(function (point) {
      var row = document.createElement("tr");
      [[point[0]], [point[1]], [point[2] === null ? "" : (BOUNDS[point[4]] || "") + Math.round(point[2] / scale * 10000) / 10000, point[6]],
        [point[3] === null ? "" : point[3] + "%", point[7]], [point[5] === false ? "来源不一致" : ""]].forEach(function (cell, at) {
        var td = document.createElement("td");
        if (cell[1] && cell[0] !== "") {
          var button = document.createElement("button");
          button.textContent = String(cell[0]);
          button.title = "看原句";
          button.addEventListener("click", function () { show(cell[1]); });
          td.appendChild(button);
        } else {
          td.textContent = String(cell[0]);
        }
        if (at > 0 && at < 4) { td.className = "number"; }
        row.appendChild(td);
      });
      body.appendChild(row);
    });
  }

  function draw() {
    var entry = data.series[Number(select.value)];
    var scale = SCALES[entry.unit] || [1, entry.unit || ""];
    var has = function (pick) { return entry.points.some(function (point) { return point[pick] !== null; }); };
    document.getElementById("level").hidden = !has(2);
    document.getElementById("growth").hidden = !has(3);
    if (has(2)) { level.resize(); level.setOption(option(entry.name, scale[1] + "（三角为界限，空心为来源不一致）", entry.points, 2, 6, scale[0]), true); }
    if (has(3)) { growth.resize(); growth.setOption(option(entry.name + "：公布的同比增速", "%", entry.points, 3, 7, 1), true); }
    table(entry, scale[0]);
    document.getElementById("unit").textContent = scale[1];
    var first = entry.points[0];
    show(first[6] || first[7]);
  }

  [level, growth].forEach(function (chart) {
    chart.on("click", function (event) { if (event.data && event.data.metric) { show(event.data.metric); } });
  });
  select.addEventListener("change", draw);
  window.addEventListener("resize", function () { level.resize(); growth.resize(); });
  draw();
}());
