import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { createOrdersProgram, createProgram, declareCompute } from "../support/program";
import { Stack } from "../support/stack";
import { createSeedWithPipes } from "../../simulation/seed-with-pipes";

/** Clears the screen, hides text, reverses it, and starts a line that a CI system takes for a command. */
const HOSTILE = "\u001b[2J\u001b[8mevents\u202e\u0007\r\n::add-mask::x";

/** Control, format and line-separator characters, except the line breaks and tabs of the CLI itself. */

const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const LOAD = { cores: 8, endBy: "2099-12-01T00:00:00Z" };

describe("text from elsewhere on the terminal of the real CLI", () => {
  let emulator: Emulator;
  let stack: Stack;

  before(async () => {
    const pipe = { id: "00000000-0000-4000-9000-000000000009", name: HOSTILE };
    const clickPipes = [
      { ...pipe, kind: "postgres", state: "Snapshot" },
      { ...pipe, id: "00000000-0000-4000-9000-000000000008", kind: "kafka", state: "Running" },
    ] as const;
    emulator = await startEmulator({
      convergenceMs: 0,
      rateLimit: "none",
      seed: createSeedWithPipes(clickPipes),
    });
    stack = await Stack.create(
      emulator,
      createProgram(declareCompute("orders", { cores: 2, initialLoad: LOAD })),
    );
  });
  after(() => emulator.close());

  function assertHarmless(output: string): void {
    assert.match(output, /events/, "the name is shown");
    assert.doesNotMatch(output, HARMFUL);
    assert.doesNotMatch(output, /^::add-mask::/m);
  }

  it("has no control characters of a pipe's name in an up", async () => {
    assertHarmless(await stack.runSuccessfully("up", "--diff"));
  });

  it("has none of a Kafka pipe's name in an error", async () => {
    const pipes = ["00000000-0000-4000-9000-000000000008"];
    stack.write(createProgram(declareCompute("orders", { cores: 2, initialLoad: { ...LOAD, pipes } })));
    assertHarmless(await stack.runFailing("preview"));
  });

  it("has none of an error of the API", async () => {
    stack.write(createOrdersProgram(4));
    const json = { status: 400, error: HOSTILE, requestId: HOSTILE };
    emulator.faults.add({
      method: "PATCH",
      fault: { kind: "status", status: 400, body: JSON.stringify(json) },
    });
    assertHarmless(await stack.runFailing("up"));
  });
});

describe("a key of the environment", () => {
  it("is not sent to an address of the stack config, by a preview and by a function", async () => {
    const requests: (string | undefined)[] = [];
    const attacker = createServer(({ url }, response) => {
      requests.push(url);
      response.end("{}");
    }).listen(0, "127.0.0.1");
    const emulator = await startEmulator();
    try {
      const { port } = attacker.address() as AddressInfo;
      const stack = await Stack.create(
        emulator,
        createProgram(declareCompute("orders", { cores: 2, initialLoad: LOAD })),
        {
          "clickhouse:apiUrl": `http://127.0.0.1:${port}/v1`,
        },
      );
      const { CLICKHOUSE_API_URL: _, ...variables } = stack.variables;
      stack.variables = variables;
      assert.match(
        await stack.runFailing("preview"),
        /the API address is in stack config clickhouse:apiUrl, but the key/,
      );
      const read = `require("pulumi-clickpipes").getCdcScaling({ serviceId: "${DEFAULT_SERVICE_ID}" })`;
      stack.write(createProgram(`exports.size = ${read};`));
      assert.match(
        await stack.runFailing("preview"),
        /the API address is in stack config clickhouse:apiUrl, but the key/,
      );
      assert.deepEqual(requests, []);
    } finally {
      attacker.close();
      await emulator.close();
    }
  });
});
