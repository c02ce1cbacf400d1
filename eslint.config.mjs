import { createNodeResolver, importX } from "eslint-plugin-import-x";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** Who may know whom, of our own files, types included: each folder itself and what stands beside it, nothing else. */
const MAY_IMPORT = {
  "index.ts": ["./component", "./functions", "./provider/resource.ts", "./sizing"],
  sizing: ["./sizing"],
  emulator: ["./emulator"],
  component: ["./component", "./provider/resource.ts", "./provider/without-traces.ts", "./sizing"],
  functions: [
    "./functions",
    "./sizing",
    "./provider/api",
    "./provider/credentials.ts",
    "./provider/errors.ts",
    "./provider/organization.ts",
    "./provider/plain-key.ts",
    "./provider/wait",
  ],
  cli: [
    "./cli",
    "./emulator",
    "./sizing",
    "./provider/api",
    "./provider/credentials.ts",
    "./provider/errors.ts",
    "./provider/initial-load",
    "./provider/state.ts",
    "./provider/wait",
  ],
  simulation: ["./simulation", "./emulator", "./provider", "./sizing", "./cli"],
  "test/support": ["./test/support", "./simulation", "./emulator", "./sizing", "./tools/pulumi-cli"],
  bench: [
    "./bench",
    "./test/support",
    "./simulation",
    "./emulator",
    "./provider",
    "./sizing",
    "./tools/pulumi-cli",
  ],
  reliability: ["./reliability", "./test/support", "./simulation", "./emulator", "./provider", "./sizing"],
  "cli/report": ["./cli/report", "./sizing"],
  "provider/errors.ts": [],
  "provider/without-traces.ts": [],
  "provider/resource.ts": ["./provider/plain-key.ts", "./provider/without-traces.ts", "./sizing"],
  "provider/wait": ["./provider/wait"],
  "provider/api": [
    "./provider/api",
    "./provider/errors.ts",
    "./provider/credentials.ts",
    "./provider/wait/clock.ts",
  ],
  "provider/*": ["./provider", "./sizing"],
};

/** The one file of the product for each thing that a test wants to replace, or a reviewer to find. */
const CLOCK = "provider/wait/clock.ts";
const NETWORK = "provider/api/transport.ts";
const ENVIRONMENT = "provider/credentials.ts";
const ENGINE = "provider/engine.ts";

const PRODUCT = ["index.ts", "sizing/**/*.ts", "provider/**/*.ts", "component/**/*.ts", "functions/**/*.ts"];

const TIME = [
  {
    selector:
      "NewExpression[callee.name='Date'][arguments.length=0], MemberExpression[object.name='Date'][property.name='now']",
    message: `Time comes from ${CLOCK}.`,
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: `Chance comes from ${CLOCK}.`,
  },
];
const VARIABLES = {
  selector:
    "MemberExpression[object.name='process'][property.name='env'], VariableDeclarator[init.name='process'] Property[key.name='env']",
  message: `The environment is read in ${ENVIRONMENT}.`,
};
const ADDRESS = {
  selector: "MemberExpression[object.name='process'][property.name='argv']",
  message: `The engine's address is known to ${ENGINE}.`,
};
const REQUESTS = {
  selector:
    ":matches(ImportExpression, ImportDeclaration, ExportAllDeclaration, ExportNamedDeclaration)[source.value='node-fetch']",
  message: `Requests leave through ${NETWORK}.`,
};
const TIMERS = ["setTimeout", "setInterval", "setImmediate", "performance"].map((name) => ({
  name,
  message: `Time comes from ${CLOCK}.`,
}));
const FETCH = { name: "fetch", message: `Requests leave through ${NETWORK}, which knows proxies.` };

/** What a program loads when it imports this package: of other packages, the SDK alone. */
const PROGRAM = [
  "index.ts",
  "sizing/**/*.ts",
  "component/**/*.ts",
  "functions/{arguments,index,load,output-form,get-*}.ts",
  "provider/resource.ts",
  "provider/plain-key.ts",
];
const SDK_ALONE = {
  regex: "^(?!@pulumi/pulumi(/|$)|node:|\\.)",
  message: "A program loads no package but the SDK.",
};

const onePlace = (files, syntax, globals) => ({
  files,
  rules: {
    "no-restricted-syntax": ["error", ...syntax],
    "no-restricted-globals": ["error", ...globals],
  },
});

export default defineConfig(
  globalIgnores(["dist", "**/node_modules"]),
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    settings: {
      "import-x/extensions": [".ts"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] }, // without it no-cycle sees no cycle
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js"] })],
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "import-x/no-cycle": "error",
      "import-x/no-restricted-paths": [
        "error",
        {
          basePath: import.meta.dirname,
          zones: Object.entries(MAY_IMPORT).map(([target, allowed]) => ({
            target: `./${target}`,
            from: ".",
            except: ["./node_modules", ...allowed],
          })),
        },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      // `() => sideEffect()` reads well in tests and callbacks.
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["{test,simulation,reliability}/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  { files: PROGRAM, rules: { "no-restricted-imports": ["error", { patterns: [SDK_ALONE] }] } },
  onePlace(PRODUCT, [...TIME, VARIABLES, ADDRESS, REQUESTS], [...TIMERS, FETCH]),
  onePlace([CLOCK], [VARIABLES, ADDRESS, REQUESTS], [FETCH]),
  onePlace([NETWORK], [...TIME, VARIABLES, ADDRESS], [...TIMERS, FETCH]),
  onePlace([ENVIRONMENT], [...TIME, ADDRESS, REQUESTS], [...TIMERS, FETCH]),
  onePlace([ENGINE], [...TIME, VARIABLES, REQUESTS], [...TIMERS, FETCH]),
);
