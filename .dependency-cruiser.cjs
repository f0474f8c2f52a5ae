// Layers of ARCHITECTURE.md: imports point down only, and no file is in a cycle at run time.
// Types may look both ways: what counts is what is left at run time.
const atRunTime = { dependencyTypesNot: ["type-only", "type-import"] };
const layer = (name, from, to, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: from },
  to: { path: to, ...atRunTime },
});

module.exports = {
  forbidden: [
    { name: "no-runtime-cycle", severity: "error", from: {}, to: { circular: true, viaOnly: atRunTime } },
    {
      name: "resolvable",
      severity: "error",
      comment: "an import that leads nowhere",
      from: {},
      to: { couldNotResolve: true, pathNot: "^__CAIRN_BOOT__$" },
    },
    layer("schema-is-the-bottom", "^packages/flow-schema/src", "^packages/(?!flow-schema)"),
    layer("engine-knows-only-the-schema", "^packages/engine/src", "^packages/(?!flow-schema|engine)"),
    layer("sdk-and-server-never-meet", "^packages/sdk/src", "^packages/(server|studio|cli)"),
    layer("server-never-imports-the-browser", "^packages/server/src", "^packages/(sdk|studio|cli)"),
    layer("studio-takes-only-types-from-the-server", "^packages/studio/src", "^packages/server"),
    layer("packages-never-import-examples", "^packages/[^/]+/src", "^examples"),
    layer(
      "engine-is-pure",
      "^packages/(engine|flow-schema)/src/(?!.*\\.test\\.)",
      "^(node:|fs$|path$|crypto$)",
    ),
    layer(
      "sdk-ui-acts-through-its-ports",
      "^packages/sdk/src/ui",
      "^packages/sdk/src/(client|screen|transport|state|dom)",
    ),
    layer(
      "sdk-dom-knows-no-ui",
      "^packages/sdk/src/dom",
      "^packages/sdk/src/(client|screen|transport|state|ui)",
    ),
    layer(
      "sdk-transport-stands-alone",
      "^packages/sdk/src/transport",
      "^packages/sdk/src/(client|screen|dom|ui)",
    ),
    layer("sdk-state-stands-alone", "^packages/sdk/src/state", "^packages/sdk/src/(client|screen|dom|ui)"),
    layer(
      "storage-knows-no-routes",
      "^packages/server/src/storage",
      "^packages/server/src/(routes|middleware|app|node)",
    ),
    layer(
      "reports-know-no-routes",
      "^packages/server/src/reports",
      "^packages/server/src/(routes|middleware|app|node)",
    ),
    layer(
      "schema-and-engine-imports-are-declared",
      "^packages/(flow-schema|engine)/src/(?!.*\\.test\\.|message/)",
      "node_modules/(?!.*@cairn)",
    ),
    layer(
      "only-messages-are-checked-by-ajv",
      "^packages/flow-schema/src/message/(?!.*\\.test\\.)",
      "node_modules/(?!.*(@cairn|/ajv/))",
    ),
    layer(
      "messages-are-checked-where-they-arrive",
      "^packages/(?!server/src|engine/src/simulate/)[^/]+/src/(?!message/|.*\\.test\\.)",
      "^packages/flow-schema/src/message/",
      "ajv makes code at run time, which the CSP of pages forbids: neither the SDK nor the studio may hold it",
    ),
    layer(
      "pages-never-replay",
      "^packages/(?!cli/|engine/)[^/]+/src|^packages/engine/src/(?!simulate/|.*\\.test\\.)",
      "^packages/engine/src/simulate/",
      "replaying checks messages, see above",
    ),
  ],
  options: {
    exclude: { path: "(^|/)(dist|dist-seed|node_modules/\\.cache|test-results)/" },
    doNotFollow: { path: "node_modules" },
    // Reads the sources as they are: to compile each one first takes three times as long.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["cairn-source", "import", "node", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
