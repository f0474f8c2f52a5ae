/** Who is signed in: a secret key, and whether the demo server gave it by itself. */
export interface Session {
  readonly key: string;
  readonly demo: boolean;
}

const STORED = "cairn.studio.key";

/** The key of this tab, else the demo server's, else nobody. */
export async function restoreSession(): Promise<Session | undefined> {
  const stored = storedKey();
  if (stored !== undefined) return { key: stored, demo: false };
  try {
    const response = await fetch("/studio/session.json", { headers: { Accept: "application/json" } });
    if (!response.ok || !(response.headers.get("content-type") ?? "").includes("json")) return undefined;
    const body = (await response.json()) as { demo?: unknown; key?: unknown };
    return body.demo === true && typeof body.key === "string" ? { key: body.key, demo: true } : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the key until the tab is closed; where storage is refused, until the page is. */
export function keepSession(session: Session): void {
  try {
    sessionStorage.setItem(STORED, session.key);
  } catch {}
}

export function forgetSession(): void {
  try {
    sessionStorage.removeItem(STORED);
  } catch {}
}

function storedKey(): string | undefined {
  try {
    return sessionStorage.getItem(STORED) ?? undefined;
  } catch {
    return undefined;
  }
}
