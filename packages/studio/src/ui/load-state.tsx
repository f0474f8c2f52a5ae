import type { ComponentChildren } from "preact";
import type { ApiError } from "../api/read.ts";
import type { Loading } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";
import type { Words } from "../text/en.ts";

/** Shows what was loaded; before that bones of about its size, and on failure what to do. */
export function Loaded<T>(props: {
  readonly of: Loading<T>;
  /** Rows of bones to keep room with. */
  readonly rows?: number;
  readonly children: (value: T) => ComponentChildren;
}) {
  const { words } = useStudio();
  const { value, error, reload } = props.of;
  if (error !== undefined && value === undefined) return <Failure error={error} onRetry={reload} />;
  if (value === undefined) return <Bones rows={props.rows ?? 6} label={words.common.loading} />;
  return (
    <>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {props.children(value)}
    </>
  );
}

export function Failure(props: { readonly error: ApiError; readonly onRetry?: () => void }) {
  const { words } = useStudio();
  return (
    <div class="notice wrong" role="alert">
      <span class="grow">
        <strong>{words.errors.title}.</strong> {errorText(props.error, words)}
      </span>
      {props.onRetry !== undefined && (
        <button type="button" class="button small" onClick={props.onRetry}>
          {words.common.retry}
        </button>
      )}
    </div>
  );
}

/** What went wrong, in the reader's words; the server's own words where they say more. */
export function errorText(error: ApiError, words: Words): string {
  if (error.status === 0) return words.errors.network;
  if (error.status === 401) return words.errors.unauthorized;
  if (error.status === 403) return words.errors.forbidden;
  if (error.code === "needs-approval") return words.errors.needsApproval;
  if (error.status === 404) return words.errors.missing;
  return error.message === "" ? words.errors.unexpected(error.status) : error.message;
}

export function Bones(props: { readonly rows: number; readonly label: string }) {
  return (
    <div class="bones" role="status">
      <span class="hidden-visually">{props.label}</span>
      {Array.from({ length: props.rows }, (_, index) => (
        <div key={index} class="bone row" />
      ))}
    </div>
  );
}

/** Nothing to show, and what to do about it. */
export function Empty(props: {
  readonly title: string;
  readonly text: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      {props.children}
    </div>
  );
}
