import { describe, expect, it } from "vitest";
import { createRegistry } from "./registry.ts";

describe("createRegistry", () => {
  it("writes each kind as Prometheus reads it", () => {
    const { counter, histogram, read, render } = createRegistry();
    const requests = counter("requests_total", "Requests.", ["route"]);
    requests.add(["/a"]);
    requests.add(["/a"], 2);
    requests.add(['/"b"\\\n'.replace("\n", "")]);
    const sizes = histogram("sizes", "Sizes.", ["route"], [1, 10]);
    for (const size of [0, 1, 1.5, 10, 11]) sizes.observe(["/a"], size);
    read("gauge", "waiting", "What waits.", [], () => [{ value: 7 }]);
    counter("quiet_total", "Nothing yet.");
    histogram("silent", "Nothing yet.", [], [1]);
    expect(render()).toBe(
      [
        "# HELP requests_total Requests.",
        "# TYPE requests_total counter",
        'requests_total{route="/a"} 3',
        'requests_total{route="/\\"b\\"\\\\"} 1',
        "# HELP sizes Sizes.",
        "# TYPE sizes histogram",
        'sizes_bucket{route="/a",le="1"} 2',
        'sizes_bucket{route="/a",le="10"} 4',
        'sizes_bucket{route="/a",le="+Inf"} 5',
        'sizes_sum{route="/a"} 23.5',
        'sizes_count{route="/a"} 5',
        "# HELP waiting What waits.",
        "# TYPE waiting gauge",
        "waiting 7",
        "# HELP quiet_total Nothing yet.",
        "# TYPE quiet_total counter",
        "quiet_total 0",
        "# HELP silent Nothing yet.",
        "# TYPE silent histogram",
        'silent_bucket{le="1"} 0',
        'silent_bucket{le="+Inf"} 0',
        "silent_sum 0",
        "silent_count 0",
        "",
      ].join("\n"),
    );
  });
});
