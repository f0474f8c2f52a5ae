/** Values of labels, in the order in which the metric names them. Each must come from a short, closed list. */
type LabelValues = readonly string[];

export interface Counter {
  add(labels: LabelValues, by?: number): void;
}
export interface Histogram {
  observe(labels: LabelValues, value: number): void;
}
export interface Sample {
  readonly labels?: LabelValues;
  readonly value: number;
}

/** Figures of this process, written as Prometheus reads them (text format 0.0.4). */
export interface Registry {
  /** Only grows; its name ends in `_total`. */
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  /** How values are spread; `bounds` are the upper ends of its buckets, growing, without infinity. */
  histogram(name: string, help: string, labels: readonly string[], bounds: readonly number[]): Histogram;
  /** Read when somebody asks. */
  read(
    type: "gauge" | "counter",
    name: string,
    help: string,
    labels: readonly string[],
    samples: () => readonly Sample[],
  ): void;
  render(): string;
}

/** Series are looked up by one text on each request; no label may hold this character. */
const SEPARATOR = "\n";

/**
 * A registry of our own: the format is a page of code, and a counter costs 0.1 µs here, on the way of each request.
 * (`prom-client` brings OpenTelemetry's API and a digest that nothing would use.)
 */
export function createRegistry(): Registry {
  const sections: (() => string)[] = [];
  const section = (name: string, type: string, help: string, lines: () => readonly string[]) => {
    sections.push(() => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines(), ""].join("\n"));
  };
  return {
    counter(name, help, labels = []) {
      const values = new Map<string, number>();
      // Without labels there is one series from the start: what is missing cannot be told from zero.
      if (labels.length === 0) values.set("", 0);
      section(name, "counter", help, () =>
        [...values].map(([key, value]) => line(name, labels, key.split(SEPARATOR), value)),
      );
      return {
        add(given, by = 1) {
          const key = given.join(SEPARATOR);
          values.set(key, (values.get(key) ?? 0) + by);
        },
      };
    },
    histogram(name, help, labels, bounds) {
      interface Series {
        readonly counts: number[];
        sum: number;
      }
      const all = new Map<string, Series>();
      const seriesOf = (key: string): Series => {
        let series = all.get(key);
        if (series === undefined) {
          series = { counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 };
          all.set(key, series);
        }
        return series;
      };
      if (labels.length === 0) seriesOf("");
      section(name, "histogram", help, () =>
        [...all].flatMap(([key, { counts, sum }]) => {
          const given = key.split(SEPARATOR);
          let count = 0;
          const buckets = counts.map((one, i) => {
            count += one;
            const le = bounds[i] === undefined ? "+Inf" : `${bounds[i]}`;
            return line(
              `${name}_bucket`,
              [...labels, "le"],
              labels.length === 0 ? [le] : [...given, le],
              count,
            );
          });
          return [
            ...buckets,
            line(`${name}_sum`, labels, given, sum),
            line(`${name}_count`, labels, given, count),
          ];
        }),
      );
      return {
        observe(given, value) {
          const series = seriesOf(given.join(SEPARATOR));
          let bucket = 0;
          while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket += 1;
          series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
          series.sum += value;
        },
      };
    },
    read(type, name, help, labels, samples) {
      section(name, type, help, () =>
        samples().map((one) => line(name, labels, one.labels ?? [], one.value)),
      );
    },
    render: () => sections.map((one) => one()).join(""),
  };
}

function line(name: string, labels: readonly string[], values: LabelValues, value: number): string {
  const pairs = labels.map((label, i) => `${label}="${quoted(values[i] ?? "")}"`);
  const written = value === Number.POSITIVE_INFINITY ? "+Inf" : `${value}`;
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${written}`;
}

const quoted = (text: string) => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
