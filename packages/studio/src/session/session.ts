import type { EnvironmentName, Role } from "@cairn/server";

/** Who is signed in: whoever has a secret key (the demo server gives one by itself), or a person with a role. */
export type Session =
  | { readonly type: "key"; readonly key: string; readonly demo: boolean }
  | {
      readonly type: "person";
      readonly email: string;
      readonly role: Role;
      /** Sent back with every request. The session itself is in a cookie that no script can read. */
      readonly csrf: string;
      readonly environment: EnvironmentName;
    };

const STORED = "cairn.studio.key";
const STORED_ENVIRONMENT = "cairn.studio.environment";
export const ENVIRONMENTS: readonly EnvironmentName[] = ["development", "staging", "production"];

/** The key of this tab, else the demo server's, else the person whose cookie there is, else nobody. */
export async function restoreSession(): Promise<Session | undefined> {
  const key = stored(STORED);
  if (key !== undefined) return { type: "key", key, demo: false };
  const demo = (await fetchJson("/studio/session.json")) as { demo?: unknown; key?: unknown } | undefined;
  if (demo?.demo === true && typeof demo.key === "string") return { type: "key", key: demo.key, demo: true };
  return toPerson(await fetchJson("/v1/session"), storedEnvironment());
}

/** What this person's cookie of now asks for: they may have signed in anew, in another tab. */
export async function currentCsrf(email: string): Promise<string | undefined> {
  const session = toPerson(await fetchJson("/v1/session"), storedEnvironment());
  return session?.type === "person" && session.email === email ? session.csrf : undefined;
}

/** Signs a person in; `wrong` and `too-often` are the server's answers, anything else is thrown. */
export async function signInPerson(
  email: string,
  password: string,
  environment: EnvironmentName,
): Promise<Session | "wrong" | "too-often"> {
  const response = await fetch("/v1/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  if (response.status === 401) return "wrong";
  if (response.status === 429) return "too-often";
  const session = response.ok ? toPerson(await response.json(), environment) : undefined;
  if (session === undefined) throw new Error(`answered ${response.status}`);
  return session;
}

/** Keeps the key until the tab is closed (where storage is refused, until the page is), and the environment for good. */
export function keepSession(session: Session): void {
  try {
    if (session.type === "key") sessionStorage.setItem(STORED, session.key);
    else localStorage.setItem(STORED_ENVIRONMENT, session.environment);
  } catch {}
}

export function forgetSession(session: Session): void {
  try {
    sessionStorage.removeItem(STORED);
  } catch {}
  if (session.type === "person")
    void fetch("/v1/session", { method: "DELETE", headers: { "X-CSRF-Token": session.csrf } }).catch(
      () => {},
    );
}

export function storedEnvironment(): EnvironmentName {
  return ENVIRONMENTS.find((name) => name === stored(STORED_ENVIRONMENT, "localStorage")) ?? "production";
}

function toPerson(body: unknown, environment: EnvironmentName): Session | undefined {
  const { email, csrf, role } = (body ?? {}) as { readonly [name: string]: unknown };
  if (typeof email !== "string" || typeof csrf !== "string") return undefined;
  return { type: "person", email, role: role === "publisher" ? "publisher" : "author", csrf, environment };
}

async function fetchJson(path: string): Promise<unknown> {
  try {
    const response = await fetch(path, { headers: { Accept: "application/json" } });
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    return response.ok && isJson ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

function stored(
  name: string,
  where: "sessionStorage" | "localStorage" = "sessionStorage",
): string | undefined {
  try {
    return window[where].getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}
