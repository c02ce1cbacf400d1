import assert from "node:assert/strict";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GrpcEngine } from "../../provider/engine";
import { systemClock } from "../../provider/wait/clock";

type Done = (error: { code: number }) => void;

describe("the engine that a provider asks whether it lives", () => {
  let server: Server;
  let codes: number[];
  let engine: GrpcEngine;

  beforeEach(async () => {
    server = new Server();
    const fail = (_call: unknown, done: Done) => done({ code: codes.shift() ?? status.UNIMPLEMENTED });
    server.addService(EngineService, { log: fail, getRootResource: fail });
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    engine = new GrpcEngine(systemClock, `127.0.0.1:${port}`);
  });
  afterEach(() => server.forceShutdown());

  it("lives where it answers, whatever it answers", async () => {
    codes = [status.UNIMPLEMENTED];
    assert.equal(await engine.isAlive(), true);
  });

  for (const name of ["UNAVAILABLE", "CANCELLED", "INTERNAL"] as const) {
    it(`is asked again where a call ends as ${name}, and lives where it answers then`, async () => {
      codes = [status[name]];
      assert.equal(await engine.isAlive(), true);
    });

    it(`is gone where two calls end as ${name}`, async () => {
      codes = [status[name], status[name]];
      assert.equal(await engine.isAlive(), false);
    });
  }
});
