import type { FeatureActivation } from "@cairn/server";
import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from "chart.js";
import { useEffect, useRef, useState } from "preact/hooks";
import { useStudio } from "../shell/studio-context.ts";
import { USED_STATES } from "./states.ts";

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

/** States at each week's end, stacked; the table under it says the same in numbers. */
export function ActivationChart(props: { readonly feature: FeatureActivation }) {
  const { words, format, preferences } = useStudio();
  const { feature } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useDark();

  // Dependencies: `dark` and the theme change what the colours resolve to.
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const colour = (name: string) => resolveColour(element, name);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const font = { family: getComputedStyle(element).fontFamily, size: 12 };
    const chart = new Chart(element, {
      type: "bar",
      data: {
        labels: feature.weeks.map(({ week }) => format.day(week)),
        datasets: USED_STATES.map((state) => {
          const fill = colour(`--state-${state}`);
          return {
            label: words.activation.states[state],
            data: feature.weeks.map((week) => week[state]),
            // A week that is not over yet is drawn in outline: it will still grow.
            backgroundColor: feature.weeks.map(({ complete }) => (complete ? fill : colour("--surface"))),
            borderColor: feature.weeks.map(({ complete }) => (complete ? colour("--surface") : fill)),
            borderWidth: feature.weeks.map(({ complete }) => (complete ? { top: 1 } : 1.5)),
            borderSkipped: false,
            maxBarThickness: 40,
            categoryPercentage: 0.8,
            barPercentage: 0.9,
          };
        }),
      },
      options: {
        responsive: true,
        maintainAspectRatio: false,
        animation: still ? false : { duration: 200 },
        interaction: { mode: "index", intersect: false },
        scales: {
          x: {
            stacked: true,
            grid: { display: false },
            border: { color: colour("--line-strong") },
            ticks: { color: colour("--ink-3"), font, maxRotation: 0, autoSkipPadding: 12 },
          },
          y: {
            stacked: true,
            beginAtZero: true,
            border: { display: false },
            grid: { color: colour("--line") },
            ticks: {
              color: colour("--ink-3"),
              font,
              precision: 0,
              maxTicksLimit: 5,
              callback: (value) => format.number(Number(value)),
            },
          },
        },
        plugins: {
          tooltip: {
            backgroundColor: colour("--ink"),
            titleColor: colour("--paper"),
            bodyColor: colour("--paper"),
            titleFont: { ...font, weight: 600 },
            bodyFont: font,
            padding: 12,
            cornerRadius: 6,
            displayColors: false,
          },
        },
      },
    });
    return () => chart.destroy();
  }, [feature, words, format, preferences.theme, dark]);

  return (
    <div class="chart">
      <canvas ref={canvas} role="img" aria-label={words.activation.chart(feature.name)} />
    </div>
  );
}

/** What a token stands for right now, light or dark, as a colour that a canvas understands. */
function resolveColour(near: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  near.parentElement?.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function useDark(): boolean {
  const [dark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const onChange = () => setDark(query.matches);
    query.addEventListener("change", onChange);
    return () => query.removeEventListener("change", onChange);
  }, []);
  return dark;
}
