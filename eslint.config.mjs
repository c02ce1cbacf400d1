import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** The one file of the product for each thing that a test wants to replace, or a reviewer to find. */
const CLOCK = "provider/wait/clock.ts";
const NETWORK = "provider/cloud/transport.ts";
const HTTP_LIBRARIES = "provider/cloud/http-libraries-bundle.ts";
const ENVIRONMENT = "provider/cloud/stack-settings.ts";
const ENGINE = "provider/dynamic/grpc-engine.ts";

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
  "functions/{arguments,index,lazy,output-form,get-*}.ts",
  "provider/dynamic/resource.ts",
  "provider/dynamic/{plaintext-key,stack-traces}.ts",
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

/** Limits that keep a function readable. */
const SMALL_FUNCTIONS = {
  files: [...PRODUCT, "emulator/**/*.ts", "cli/**/*.ts"],
  rules: {
    "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
    "max-depth": ["error", 3],
  },
};

export default defineConfig(
  // Its packages are not installed here: test/cli/aws-migration-example.test.ts checks its types.
  globalIgnores(["dist", "site", "**/node_modules", "examples/aws-migration"]),
  SMALL_FUNCTIONS,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
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
  onePlace([NETWORK, HTTP_LIBRARIES], [...TIME, VARIABLES, ADDRESS], [...TIMERS, FETCH]),
  onePlace([ENVIRONMENT], [...TIME, ADDRESS, REQUESTS], [...TIMERS, FETCH]),
  onePlace([ENGINE], [...TIME, VARIABLES, REQUESTS], [...TIMERS, FETCH]),
);
