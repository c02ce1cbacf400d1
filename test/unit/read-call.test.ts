import assert from "node:assert/strict";
import fc from "fast-check";
import { DEFAULT_KEY } from "../../emulator";
import { ApiKey } from "../../provider/cloud/api-key";
import { Client } from "../../provider/cloud/client";
import { Redactor } from "../../provider/cloud/redactor";
import { Limiter, Priority } from "../../provider/cloud/rate-limit/limiter";
import { NoResponseError } from "../../provider/errors";
import { SkippingClock, TARGET } from "../wire/client";

type Fields = Readonly<Record<string, unknown>>;

function createAnswer(result: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const envelope = { status: fc.jsonValue(), requestId: fc.jsonValue(), result };
  return fc.oneof(fc.record(envelope, { requiredKeys: [] }), fc.jsonValue());
}

/** A record of these fields, each as it is to be or anything else, or missing; or no record at all. */
function createNearRecord(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const orElse = Object.fromEntries(
    Object.entries(fields).map(([name, right]) => [
      name,
      fc.oneof({ weight: 5, arbitrary: right }, { weight: 1, arbitrary: fc.jsonValue() }),
    ]),
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.record(orElse) },
    { weight: 1, arbitrary: fc.record(orElse, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOf(isOne: (value: unknown) => boolean) {
  return (value: unknown) => Array.isArray(value) && value.every(isOne);
}

const isText = (value: unknown) => typeof value === "string";
const isName = (value: unknown) => value === undefined || isText(value);
const isId = (value: unknown) => isText(value) && value !== "";

function isSize(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { replicaCpuMillicores: cpu, replicaMemoryGb: memory } = value;
  const isWhole = Number.isSafeInteger(cpu) && (cpu as number) > 0;
  return isWhole && Number.isFinite(memory) && (memory as number) > 0;
}

function isOrganization(value: unknown): boolean {
  return isRecord(value) && isId(value.id) && isName(value.name);
}

function isService(value: unknown): boolean {
  return isOrganization(value) && isText((value as Fields).state);
}

function isPipe(value: unknown): boolean {
  return isService(value) && ((value as Fields).source == null || isRecord((value as Fields).source));
}

const text = fc.string({ minLength: 1 });
const count = fc.integer({ min: 1, max: 32_000 });
const organization = createNearRecord({ id: text, name: text });
const service = createNearRecord({ id: text, name: text, state: text });
const pipe = createNearRecord({
  id: text,
  name: text,
  state: text,
  createdAt: fc.constant("2026-01-01T00:00:00Z"),
  source: fc.constantFrom({ postgres: { settings: {} } }, { kafka: {} }, null),
});
const few = { maxLength: 3 };

/** Every kind of response that is read, similar values, and which of these are valid. */
const ANSWERS: readonly {
  readonly what: string;
  readonly ask: (client: Client) => Promise<unknown>;
  readonly result: fc.Arbitrary<unknown>;
  readonly isRight: (result: unknown) => boolean;
}[] = [
  {
    what: "a size",
    ask: (client) => client.getScaling(TARGET, { priority: Priority.read }),
    result: createNearRecord({ replicaCpuMillicores: count, replicaMemoryGb: fc.oneof(count, fc.double()) }),
    isRight: isSize,
  },
  {
    what: "an organization",
    ask: (client) => client.getOrganization(TARGET.organizationId),
    result: organization,
    isRight: isOrganization,
  },
  {
    what: "a list of organizations",
    ask: (client) => client.listOrganizations(),
    result: fc.oneof(fc.array(organization, few), organization),
    isRight: isListOf(isOrganization),
  },
  {
    what: "a service",
    ask: (client) => client.getService(TARGET),
    result: service,
    isRight: isService,
  },
  {
    what: "a list of pipes",
    ask: (client) => client.listClickPipes(TARGET),
    result: fc.oneof(fc.array(pipe, few), pipe),
    isRight: isListOf(isPipe),
  },
];

describe("for any response,", () => {
  /** What the client returns for a response: a result, or the error. */
  async function read(ask: (client: Client) => Promise<unknown>, answer: unknown): Promise<unknown> {
    const clock = new SkippingClock();
    const text = JSON.stringify(answer) as string | undefined;
    const sent = { status: 200, headers: new Headers(), json: answer, text: text ?? "" };
    const redactor = new Redactor([DEFAULT_KEY.secret]);
    const transport = { redact: (raw: string) => redactor.redact(raw), send: () => Promise.resolve(sent) };
    const key = new ApiKey(DEFAULT_KEY, "environment", false);
    return ask(new Client(transport, new Limiter(clock), clock, key));
  }

  for (const { what, ask, result, isRight } of ANSWERS) {
    it(`the client returns ${what} exactly if the response contains it, and rejects it as invalid otherwise`, async () => {
      let rights = 0;
      await fc.assert(
        fc.asyncProperty(createAnswer(result), async (answer) => {
          const given = (answer as { result?: unknown } | null)?.result;
          const outcome = await read(ask, answer).catch((error: unknown) => error);
          const isTaken = !(outcome instanceof NoResponseError);
          assert.equal(isTaken, isRight(given), JSON.stringify(answer));
          if (isTaken) rights += 1;
        }),
        { numRuns: 1_500 },
      );
      assert.ok(rights > 30, `only ${rights} of the answers were right ones: this tried nothing`);
    });
  }
});
