/**
 * Who may import whom, type imports included: each folder or file imports itself and what stands below it. `npm run lint` checks it.
 */

/** The layers of provider/, the lowest first. Entries of one line don't import one another. */
const PROVIDER_LAYERS = [
  ["provider/errors.ts", "provider/wait/", "provider/text/"],
  ["provider/remedies.ts"],
  ["provider/state/"],
  ["provider/cloud/"],
  ["provider/operation/"],
  ["provider/scale/", "provider/queries/"],
  ["provider/initial-load/"],
  ["provider/check/"],
  ["provider/core.ts"],
  ["provider/dynamic/"],
];

const EMULATOR_LAYERS = [
  ["emulator/cloud/", "emulator/faults/"],
  ["emulator/http/"],
  ["emulator/server/"],
  ["emulator/command/"],
];

/** What else each folder imports, apart from itself and from packages. */
const MAY_IMPORT = {
  "sizing/": [],
  "provider/": ["sizing/", "provider/"],
  "component/": ["provider/dynamic/", "sizing/"],
  "functions/": [
    "provider/queries/",
    "provider/dynamic/config-secrets.ts",
    "provider/dynamic/plaintext-key.ts",
    "provider/errors.ts",
    "provider/remedies.ts",
    "provider/wait/",
    "sizing/",
  ],
  "index.ts": ["component/", "functions/", "provider/dynamic/resource.ts", "sizing/"],
  "emulator/": [],
  "cli/": [
    "provider/text/",
    "provider/queries/",
    "provider/cloud/",
    "provider/state/",
    "provider/wait/",
    "provider/errors.ts",
    "provider/remedies.ts",
    "emulator/",
    "sizing/",
  ],
  "cli/terminal/": [],
  "cli/report/": ["provider/text/", "cli/terminal/", "sizing/"],
  "simulation/": ["cli/", "provider/", "emulator/", "sizing/"],
  "reliability/": ["simulation/", "test/support/", "provider/", "emulator/", "sizing/"],
  "bench/": ["simulation/", "test/support/", "provider/", "emulator/", "sizing/", "tools/"],
  "tools/": ["test/support/", "cli/", "provider/", "emulator/", "sizing/"],
};

const OURS = [...Object.keys(MAY_IMPORT), "test/", "examples/"];

const escaped = (path) => `^${path.replace(/[.]/g, "\\.")}`;
const anyOf = (paths) => paths.map(escaped);

const rulesOf = (folder, layers) =>
  layers.flatMap((layer, index) =>
    layer.map((from) => ({
      name: `layer ${from} imports lower layers only`,
      severity: "error",
      from: { path: escaped(from) },
      to: { path: escaped(folder), pathNot: anyOf([from, ...layers.slice(0, index).flat()]) },
    })),
  );

const folderRules = Object.entries(MAY_IMPORT).map(([from, allowed]) => ({
  name: `${from} imports only what it may`,
  severity: "error",
  from: { path: escaped(from) },
  to: { path: anyOf(OURS), pathNot: anyOf([from, ...allowed]) },
}));

module.exports = {
  forbidden: [
    { name: "no cycles", severity: "error", from: {}, to: { circular: true } },
    ...rulesOf("provider/", PROVIDER_LAYERS),
    ...rulesOf("emulator/", EMULATOR_LAYERS),
    ...folderRules,
    {
      name: "the core knows no Pulumi SDK",
      severity: "error",
      from: { path: "^(provider|sizing|emulator|cli/report)/", pathNot: "^provider/dynamic/" },
      to: { path: "@pulumi/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
    // Type imports count: a cycle of types is read as a cycle, too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
