import assert from "node:assert/strict";
import {
  DEFAULT_KEY,
  DEFAULT_ORGANIZATION_ID,
  DEFAULT_SERVICE_ID,
  type Emulator,
  startEmulator,
} from "../../emulator";
import { parseLoadedBytes } from "../../provider/cloud/metrics";
import { findResponseErrors } from "../support/openapi/check";

const PATH = `/v1/organizations/${DEFAULT_ORGANIZATION_ID}/services/${DEFAULT_SERVICE_ID}/prometheus`;
const PIPE = {
  id: "00000000-0000-4000-9000-0000000000e1",
  name: 'a "name" \\ of\ntwo lines',
  kind: "postgres",
  provisioningMs: 0,
  setupMs: 0,
  snapshotMs: 60_000,
} as const;

describe("the metrics of the emulator", () => {
  let emulator: Emulator;
  let nowMs: number;

  beforeEach(async () => {
    nowMs = Date.now();
    emulator = await startEmulator({
      clock: { now: () => nowMs },
      convergenceMs: 0,
      rateLimit: "none",
      guesses: { resizeDuringSnapshot: "restarts" },
    });
    emulator.cloud.addPipe(DEFAULT_SERVICE_ID, PIPE);
  });
  afterEach(() => emulator.close());

  const scrape = async () => {
    const authorization = `Basic ${btoa(`${DEFAULT_KEY.id}:${DEFAULT_KEY.secret}`)}`;
    return fetch(new URL(PATH, emulator.url), { headers: { authorization } });
  };
  const readBytes = async () => parseLoadedBytes(await (await scrape()).text()).get(PIPE.id);

  it("are plain text, as the OpenAPI document says", async () => {
    const response = await scrape();
    assert.match(response.headers.get("content-type") ?? "", /^text\/plain/);
    const { status } = response;
    const body = await response.text();
    assert.deepEqual(findResponseErrors({ method: "GET", path: PATH }, { status, body }), []);
  });

  it("count the bytes of an initial load, and stay when it is done", async () => {
    nowMs += 30_000;
    assert.equal(await readBytes(), 3e9);
    nowMs += 3_600_000;
    assert.equal(await readBytes(), 6e9);
  });

  it("begin anew with the load", async () => {
    nowMs += 30_000;
    await readBytes();
    emulator.cloud.setCores(DEFAULT_SERVICE_ID, 8);
    nowMs += 10_000;
    assert.equal(await readBytes(), 1e9);
  });

  it("stay while the load is paused", async () => {
    nowMs += 30_000;
    emulator.cloud.getPipe(DEFAULT_SERVICE_ID, PIPE.id).pause(nowMs);
    nowMs += 3_600_000;
    assert.equal(await readBytes(), 3e9);
  });

  it("have no pipes while the service is idle", async () => {
    emulator.cloud.setServiceState(DEFAULT_SERVICE_ID, "idle");
    assert.match(await (await scrape()).text(), /^ClickHouse_ServiceInfo\{[^\n]*\} 1\n$/);
  });
});
