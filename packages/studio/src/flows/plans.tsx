import { Fragment } from "preact";
import { read } from "../api/read.ts";
import type { Loading } from "../api/use-load.ts";
import { asApiError } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";
import { errorText } from "../ui/load-state.tsx";
import type { Plan } from "./flow-api.ts";

/** What is going to be published, soonest first, and what could not be. Nothing where nothing is planned. */
export function Plans(props: {
  readonly plans: Loading<readonly Plan[]>;
  /** What a flow is called. @default its id */
  readonly nameOf?: (flow: string) => string;
}) {
  const { api, words, format, announce, mayPublish } = useStudio();
  const { plans, nameOf = (flow) => flow } = props;
  if (plans.value === undefined || plans.value.length === 0) return null;
  async function cancel(id: string) {
    try {
      await read(api.v1.schedules[":id"].$delete({ param: { id } }));
      announce(words.plan.cancelled);
    } catch (thrown) {
      announce(errorText(asApiError(thrown), words));
    }
    plans.reload();
  }
  return (
    <section class="panel plans" aria-labelledby="plans">
      <div class="panel-head">
        <h2 id="plans">{words.plan.title}</h2>
      </div>
      <ul class="lines">
        {plans.value.map(({ id, at, by, note, flows, failure }) => (
          <li key={id}>
            <time dateTime={at}>
              <strong>{format.dateTime(at)}</strong>
            </time>
            <span class="grow">
              {flows.map((flow, index) => (
                <Fragment key={flow}>
                  {index > 0 && ", "}
                  <a href={`/studio/flows/${flow}`}>{nameOf(flow)}</a>
                </Fragment>
              ))}
              <span class="muted">
                {" "}
                · {words.plan.by(by)}
                {note !== null && ` · ${note}`}
              </span>
            </span>
            {mayPublish && (
              <button
                type="button"
                class="button quiet small"
                aria-label={failure === null ? words.plan.cancelLabel(format.dateTime(at)) : undefined}
                onClick={() => cancel(id)}
              >
                {failure === null ? words.plan.cancel : words.plan.dismiss}
              </button>
            )}
            {failure !== null && (
              <span class="failure">
                {words.plan.failed} {failure}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
