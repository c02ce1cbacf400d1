import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SERVICE_ID, type Fault } from "../../emulator";
import { captureError, SimulatedStack } from "../../simulation/simulated-stack";
import { REPOSITORY } from "../support/project";

const ID = DEFAULT_SERVICE_ID;
const MINUTE_MS = 60_000;
const CONVERGENCE_MS = 200_000;
const NEVER_MS = 24 * 60 * MINUTE_MS;

const toWords = (text: string) => text.trim().split(/\s+/).join(" ");

/** The blocks of text of a page, each without its line breaks. */
function listBlocks(page: string): string[] {
  const text = readFileSync(join(REPOSITORY, page), "utf8");
  return [...text.matchAll(/```text\n(.*?)```/gs)].map(([, block = ""]) => toWords(block));
}

/** Checks a message with the page that explains it. */
function assertShown(message: string): void {
  const shown = toWords(message).replace(/request ID [\da-f-]+/, "request ID …");
  assert.ok(listBlocks("docs/reliability.md").includes(shown), shown);
}

async function failUp(stack: SimulatedStack, cores: number): Promise<string> {
  return (await captureError(stack.up(cores))).message;
}

describe("the page on reliability shows what is said", () => {
  it("after a timeout, and before the up that resumes", async () => {
    const stack = new SimulatedStack({ convergenceMs: NEVER_MS });
    assertShown(await failUp(stack, 8));
    await stack.preview(8);
    assertShown(stack.engine.rows.at(-1)?.message ?? "nothing");
  });

  it("if something else uses up the rate limit", async () => {
    const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
    const headers = { "X-RateLimit-Reset": "10" };
    const fault: Fault = { kind: "status", status: 429, headers };
    stack.clock.scheduleAt(MINUTE_MS, () => stack.faults.add({ fault, times: Infinity }));
    assertShown(await failUp(stack, 8));
  });

  it("by the up after a killed one whose change has arrived", async () => {
    const stack = new SimulatedStack({ convergenceMs: 0 });
    await stack.up(2);
    stack.cloud.setCores(ID, 8);
    await stack.up(8);
    assertShown(stack.engine.rows.at(-1)?.message ?? "nothing");
  });

  it("if another client changes the size during the wait", async () => {
    const stack = new SimulatedStack({ convergenceMs: NEVER_MS });
    stack.clock.scheduleAt(3 * MINUTE_MS, () => stack.cloud.setCores(ID, 6));
    assertShown(await failUp(stack, 8));
  });

  it("if the service is idle", async () => {
    const stack = new SimulatedStack();
    stack.cloud.getService(ID).state = "idle";
    assertShown(await failUp(stack, 8));
  });
});
