import assert from "node:assert/strict";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GrpcEngine } from "../../provider/dynamic/grpc-engine";
import { type Clock, systemClock } from "../../provider/wait/clock";

type Done = (error: { code: number }) => void;

/** Its calls have 0.1 s of their 5 s left. */
function createImpatientEngine(address: string): GrpcEngine {
  const late: Clock = { ...systemClock, date: () => new Date(Date.now() - 4_900) };
  return new GrpcEngine(late, address);
}

describe("GrpcEngine", () => {
  let server: Server;
  let codes: (number | "none")[];
  let address: string;
  let engine: GrpcEngine;

  beforeEach(async () => {
    server = new Server();
    const fail = (_call: unknown, done: Done) => {
      const code = codes.shift() ?? status.UNIMPLEMENTED;
      if (code !== "none") done({ code });
    };
    server.addService(EngineService, { log: fail, getRootResource: fail });
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    address = `127.0.0.1:${port}`;
    engine = new GrpcEngine(systemClock, address);
  });
  afterEach(() => server.forceShutdown());

  it("is alive if it responds, whatever the response is", async () => {
    codes = [status.UNIMPLEMENTED];
    assert.equal(await engine.ping(), "alive");
  });

  for (const name of ["UNAVAILABLE", "CANCELLED", "INTERNAL"] as const) {
    it(`is pinged again if a call ends as ${name}, and is alive if it responds then`, async () => {
      codes = [status[name]];
      assert.equal(await engine.ping(), "alive");
    });

    it(`is gone if two calls end as ${name}`, async () => {
      codes = [status[name], status[name]];
      assert.equal(await engine.ping(), "gone");
    });
  }

  it("is silent if it accepts a call and does not respond in time", async () => {
    codes = ["none"];
    assert.equal(await createImpatientEngine(address).ping(), "silent");
  });

  it("is alive if only its log does not respond in time", async () => {
    codes = ["none"];
    assert.equal(await createImpatientEngine(address).log("info", "urn", "text", true), true);
  });
});
