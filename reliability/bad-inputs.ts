import { DEFAULT_ORGANIZATION_ID, DEFAULT_SERVICE_ID } from "../emulator";
import { createInputs, type ProviderHarness } from "../test/support/provider-harness";
import { listViolations } from "./expectations";

/** An invalid input of a program, or an invalid setting of the environment. */
export interface BadInput {
  readonly name: string;
  /** The argument that the message has to name; empty for a setting of the environment. */
  readonly property: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
}

const NOT_NUMBERS = [
  "8",
  "eight",
  "",
  " ",
  "0x10",
  "8 cores",
  true,
  false,
  [],
  [8],
  {},
  { cores: 8 },
  "1e1",
  "NaN",
];
const NOT_WHOLE = [0.5, 1.5, 7.999, 23.5, 24.0001, 1e-9];
const NOT_SIZES = [...NOT_NUMBERS, ...NOT_WHOLE, 0, -1, -24, 25, 26, 31, 32, 33, 64, 1000, 8_000, 1e9, -1e9];
const NOT_IDS = [
  "",
  " ",
  "orders",
  "00000000",
  `${DEFAULT_SERVICE_ID} `,
  ` ${DEFAULT_SERVICE_ID}`,
  `{${DEFAULT_SERVICE_ID}}`,
  `"${DEFAULT_SERVICE_ID}"`,
  `urn:uuid:${DEFAULT_SERVICE_ID}`,
  DEFAULT_SERVICE_ID.slice(1),
  `${DEFAULT_SERVICE_ID}0`,
  DEFAULT_SERVICE_ID.replaceAll("-", ""),
  DEFAULT_SERVICE_ID.replaceAll("-", "_"),
  `https://console.clickhouse.cloud/services/${DEFAULT_SERVICE_ID}`,
  `${DEFAULT_SERVICE_ID}/../${DEFAULT_SERVICE_ID}`,
  "..",
  "g0000000-0000-4000-8000-000000000001",
  `${DEFAULT_SERVICE_ID}\n`,
  0,
  1,
  true,
  [],
  [DEFAULT_SERVICE_ID],
  {},
  { id: DEFAULT_SERVICE_ID },
];
const NOT_FLAGS = ["true", "false", "yes", "", 0, 1, [], {}, "on", -1];
const NOT_AMOUNTS = ["3", "$3", "", -1, 0, -0.01, true, [], {}, [3], "three", "3 USD"];
const NOT_LIMITS = [...NOT_NUMBERS, 0, 1, 8, 23, 33, 48, 24.5, 1_000];
const NOT_DURATIONS = [
  "",
  " ",
  "40",
  "m",
  "-5m",
  "5x",
  "40 minutes",
  "1h 30m",
  "1:30",
  "5m5",
  40,
  true,
  null,
  [],
  {},
  "m40",
];
const MISSPELLED = {
  core: 8,
  Cores: 8,
  coers: 8,
  cpu: 8,
  size: 8,
  memory: 32,
  memoryGb: 32,
  replicaCpu: 8_000,
  service: DEFAULT_SERVICE_ID,
  serviceID: DEFAULT_SERVICE_ID,
  service_id: DEFAULT_SERVICE_ID,
  organization: DEFAULT_ORGANIZATION_ID,
  organisationId: DEFAULT_ORGANIZATION_ID,
  orgId: DEFAULT_ORGANIZATION_ID,
  maxCore: 24,
  max_cores: 24,
  maxUsd: 3,
  maxUsdPerMonth: 300,
  maxUSDPerHour: 3,
  coresOnDestroy: 2,
  coresAfterDelete: 2,
  coresAfterDestory: 2,
  wake: true,
  wakeservice: true,
  wakeServices: true,
  initialload: { cores: 24 },
  timeouts: { create: "40m" },
  tags: {},
  name: "orders",
  apiKey: "none",
};
const NOT_ADDRESSES = [
  "api.clickhouse.cloud",
  "http://api.clickhouse.cloud/v1",
  "ftp://api.clickhouse.cloud/v1",
  "https://",
  "https://user@api.clickhouse.cloud/v1",
  "https://user:word@api.clickhouse.cloud/v1",
  "http://192.168.0.1/v1",
  "http://localhost.example/v1",
  "file:///etc/hosts",
  "//api.clickhouse.cloud/v1",
];

export function listBadInputs(): BadInput[] {
  const createBadInputs = (
    property: string,
    values: readonly unknown[],
    more: Readonly<Record<string, unknown>> = {},
  ) =>
    values.map((value) => ({
      name: `${property} ${JSON.stringify(value)}`,
      property,
      inputs: { ...more, [property]: value },
    }));
  const costs = [1, 2, 8, 16, 24].map((cores) => {
    const maxUsdPerHour = cores / 10 - 0.01;
    const inputs = { cores, maxUsdPerHour };
    return { name: `maxUsdPerHour ${maxUsdPerHour} for ${cores} cores`, property: "maxUsdPerHour", inputs };
  });
  const limits = ["create", "update", "delete"].flatMap((operation) =>
    NOT_DURATIONS.map((limit) => ({
      name: `customTimeouts.${operation} ${JSON.stringify(limit)}`,
      property: `customTimeouts.${operation}`,
      inputs: { __timeouts: { [operation]: limit } },
    })),
  );
  return [
    ...createBadInputs("cores", [...NOT_SIZES, null]),
    ...createBadInputs("coresAfterDestroy", NOT_SIZES),
    ...createBadInputs("maxCores", NOT_LIMITS),
    ...createBadInputs("cores", [25, 28, 29, 32, 33], { maxCores: 24 }),
    ...createBadInputs("serviceId", [...NOT_IDS, null]),
    ...createBadInputs("organizationId", NOT_IDS),
    ...createBadInputs("wakeService", NOT_FLAGS),
    ...createBadInputs("maxUsdPerHour", NOT_AMOUNTS),
    ...costs,
    ...limits,
    ...Object.entries(MISSPELLED).flatMap(([name, value]) => createBadInputs(name, [value])),
    ...listBadSettings("CLICKHOUSE_API_URL", NOT_ADDRESSES),
    ...listBadSettings("CLICKHOUSE_ORG_ID", ["orders", "0", `${DEFAULT_ORGANIZATION_ID}x`]),
  ];
}

function listBadSettings(name: string, values: readonly string[]): BadInput[] {
  return values.map((value) => ({
    name: `environment ${name} ${JSON.stringify(value)}`,
    property: "",
    inputs: {},
    environment: { [name]: value },
  }));
}

/** Checks that `check` rejects each input by its path, and that nothing is sent. Returns the violations of each, in order. */
export async function checkRefusals(
  harness: ProviderHarness,
  badInputs: readonly BadInput[],
): Promise<readonly string[][]> {
  const shared = await harness.start();
  const violations: string[][] = [];
  for (const { property, inputs, environment } of badInputs) {
    const process =
      environment === undefined
        ? shared
        : await harness.start({ ...harness.emulator.environment, ...environment });
    const { failures } = await process.check({}, createInputs(inputs));
    const isNamed = failures.some((failure) => failure.startsWith(`${property}: `) && failure.length > 40);
    const sent = harness.emulator.journal.count();
    violations.push(
      listViolations({
        [`it is rejected, with its path and a reason (${failures.join("; ")})`]: isNamed,
        [`nothing is sent (${sent})`]: sent === 0,
      }),
    );
    if (process !== shared) await process.end();
  }
  return violations;
}
