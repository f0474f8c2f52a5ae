import type { ActivationGroup, FeatureActivation } from "@cairn/server";
import { useStudio } from "../shell/studio-context.ts";
import { Empty } from "../ui/load-state.tsx";
import { ENOUGH, RateText } from "./rate.tsx";
import { Strata } from "./strata.tsx";

/** One feature's states beside each other for the groups that an attribute or the segments make. */
export function FeatureGroups(props: { readonly feature: FeatureActivation; readonly by: string }) {
  const { words, format } = useStudio();
  const { activation } = words;
  const { groups } = props.feature;
  const nameOf = ({ value, other }: ActivationGroup) =>
    value ?? <span class="muted">{other ? activation.others : activation.noValue}</span>;
  return (
    <section class="panel scroll-x" aria-labelledby="groups">
      <div class="panel-head">
        <h2 id="groups">{activation.groups}</h2>
        <code class="muted">{props.by}</code>
      </div>
      {groups === null ? (
        <div class="panel-body">
          <Empty title={activation.noDataTitle} text={activation.noGroups} />
        </div>
      ) : (
        <table class="table report-table">
          <thead>
            <tr>
              <th scope="col">{activation.group}</th>
              <th scope="col" class="wide">
                {activation.now}
              </th>
              <th scope="col" class="num">
                {activation.entitled}
              </th>
              <th scope="col">{activation.rate}</th>
              <th scope="col">{activation.retained}</th>
              <th scope="col" class="num">
                {activation.median}
              </th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => {
              const { started, quartiles } = group.timeToActivate;
              const told = started >= ENOUGH && quartiles.median !== null;
              return (
                <tr key={`${group.value} ${group.other}`}>
                  <th scope="row">{nameOf(group)}</th>
                  <td class="wide">
                    <Strata states={group.states} />
                  </td>
                  <td class="num">{format.number(group.entitled)}</td>
                  <td>
                    <RateText rate={group.rate} short />
                  </td>
                  <td>
                    <RateText rate={group.retained} short />
                  </td>
                  <td class={told ? "num" : "num muted"}>
                    {told ? format.decimal(quartiles.median ?? 0) : words.common.none}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
