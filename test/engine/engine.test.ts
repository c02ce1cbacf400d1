import assert from "node:assert/strict";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GrpcEngine } from "../../provider/dynamic/grpc-engine";
import { type Clock, systemClock } from "../../provider/wait/clock";

type Done = (error: { code: number }) => void;

/** Its calls have 0.1 s of their 5 s left. */
function impatient(address: string): GrpcEngine {
  const late: Clock = { ...systemClock, date: () => new Date(Date.now() - 4_900) };
  return new GrpcEngine(late, address);
}

describe("the engine that a provider asks whether it lives", () => {
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

  it("lives where it answers, whatever it answers", async () => {
    codes = [status.UNIMPLEMENTED];
    assert.equal(await engine.ping(), "alive");
  });

  for (const name of ["UNAVAILABLE", "CANCELLED", "INTERNAL"] as const) {
    it(`is asked again where a call ends as ${name}, and lives where it answers then`, async () => {
      codes = [status[name]];
      assert.equal(await engine.ping(), "alive");
    });

    it(`is gone where two calls end as ${name}`, async () => {
      codes = [status[name], status[name]];
      assert.equal(await engine.ping(), "gone");
    });
  }

  it("is silent where it takes a call and gives no answer in time", async () => {
    codes = ["none"];
    assert.equal(await impatient(address).ping(), "silent");
  });

  it("is alive where its log gives no answer in time", async () => {
    codes = ["none"];
    assert.equal(await impatient(address).log("info", "urn", "text", true), true);
  });
});
