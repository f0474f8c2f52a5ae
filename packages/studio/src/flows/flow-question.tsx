import { assertNever } from "@cairn/flow-schema";
import { AskDialog, ConflictDialog, PublishDialog, RollbackDialog } from "./flow-dialogs.tsx";
import type { FlowWork } from "./use-flow-work.ts";

/** The dialog of what is being asked before something is written, if anything is. */
export function FlowQuestion({ work }: { readonly work: FlowWork }) {
  const { question, live, lastGood: flow, busy } = work;
  const onClose = () => work.setQuestion(undefined);
  if (question === undefined) return null;
  switch (question.type) {
    case "publish":
      return <PublishDialog live={live} flow={flow} busy={busy} onClose={onClose} onPublish={work.publish} />;
    case "ask":
      return <AskDialog live={live} flow={flow} busy={busy} onClose={onClose} onAsk={work.ask} />;
    case "rollback":
      return (
        <RollbackDialog version={question.version} busy={busy} onClose={onClose} onRollback={work.rollback} />
      );
    case "conflict":
      return (
        <ConflictDialog
          busy={busy}
          onClose={onClose}
          onReload={work.reload}
          onOverwrite={() => work.overwrite(question.then)}
        />
      );
    default:
      return assertNever(question);
  }
}
