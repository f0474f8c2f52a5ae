import type { AppType, Role, Scope } from "@cairn/server";
import type { hc } from "hono/client";
import type { Answer } from "../api/read.ts";

export type { Role, Scope };

type Client = ReturnType<typeof hc<AppType>>;
/** Where a draft stands between its author and whoever publishes it. */
export type Review = Answer<Awaited<ReturnType<Client["v1"]["flows"][":id"]["review"]["$get"]>>>;
/** Why a flow needs a second person. */
export type Care = NonNullable<Review["needed"]>;
