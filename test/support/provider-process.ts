import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { FakeEngine } from "../../simulation/fake-engine";

export type Properties = Record<string, unknown>;

/** What the engine gets in place of a result. */
export class Refusal extends Error {
  constructor(
    message: string,
    /** Where the resource exists all the same, what the engine is to keep of it. */
    readonly kept?: { readonly id: string; readonly reasons: string[]; readonly properties: Properties },
  ) {
    super(message);
  }
}

type Call<Response> = (done: (error: ServiceError | null, response: Response) => void) => void;

/** Pulumi's own dynamic-provider process, started and called as the engine does. */
export class ProviderProcess {
  output = "";

  private constructor(
    readonly child: ChildProcess,
    private readonly client: ResourceProviderClient,
  ) {}

  /** `flags` as the engine hands them on, such as those of its log. */
  static async start(
    folder: string,
    engine: FakeEngine,
    variables: NodeJS.ProcessEnv,
    flags: readonly string[] = [],
  ) {
    const entry = require.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
    const child = spawn(process.execPath, [entry, ...flags, engine.address], {
      cwd: folder,
      env: { PATH: process.env.PATH, PULUMI_HOME: join(folder, ".pulumi"), ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [port] = (await once(createInterface(child.stdout), "line")) as [string];
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const started = new ProviderProcess(child, client);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (started.output += chunk.toString()));
    }
    const request = new messages.ConfigureRequest();
    request.setArgs(Struct.fromJavaScript({}));
    await started.send((done) => client.configure(request, done));
    return started;
  }

  async check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new messages.CheckRequest();
    request.setOlds(createStruct(olds));
    request.setNews(createStruct(news));
    const response = await this.send<messages.CheckResponse>((done) => this.client.check(request, done));
    return {
      inputs: readProperties(response.getInputs()),
      failures: response
        .getFailuresList()
        .map((failure) => `${failure.getProperty()}: ${failure.getReason()}`),
    };
  }

  async diff(id: string, olds: Properties, news: Properties) {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(createStruct(olds));
    request.setNews(createStruct(news));
    const response = await this.send<messages.DiffResponse>((done) => this.client.diff(request, done));
    const { DIFF_NONE, DIFF_SOME, DIFF_UNKNOWN } = messages.DiffResponse.DiffChanges;
    const names = new Map<number, string>([
      [DIFF_NONE, "none"],
      [DIFF_SOME, "some"],
      [DIFF_UNKNOWN, "the engine's own"],
    ]);
    return {
      changes: names.get(response.getChanges()),
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  /** `timeoutSeconds`, here and below, as the engine sends `customTimeouts`. */
  async create(inputs: Properties, timeoutSeconds = 0): Promise<{ id: string; state: Properties }> {
    const request = new messages.CreateRequest();
    request.setUrn(String(inputs.__urn));
    request.setTimeout(timeoutSeconds);
    request.setProperties(createStruct(inputs));
    const response = await this.send<messages.CreateResponse>((done) => this.client.create(request, done));
    return { id: response.getId(), state: readProperties(response.getProperties()) };
  }

  async read(id: string, state: Properties) {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(createStruct(state));
    const response = await this.send<messages.ReadResponse>((done) => this.client.read(request, done));
    return {
      id: response.getId(),
      state: readProperties(response.getProperties()),
      inputs: readProperties(response.getInputs()),
    };
  }

  async update(id: string, olds: Properties, news: Properties, timeoutSeconds = 0): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setUrn(String(news.__urn));
    request.setTimeout(timeoutSeconds);
    request.setOlds(createStruct(olds));
    request.setNews(createStruct(news));
    const response = await this.send<messages.UpdateResponse>((done) => this.client.update(request, done));
    return readProperties(response.getProperties());
  }

  async delete(id: string, state: Properties, timeoutSeconds = 0): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setUrn(String(state.__urn));
    request.setTimeout(timeoutSeconds);
    request.setProperties(createStruct(state));
    await this.send((done) => this.client.delete(request, done));
  }

  /** Ends the process, gently or not, and resolves when it has exited. */
  async end(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.client.close();
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "close"); // later than "exit": all that it printed has come
    this.child.kill(signal);
    await gone;
  }

  private send<Response>(call: Call<Response>): Promise<Response> {
    return new Promise((resolve, reject) =>
      call((error, response) => (error === null ? resolve(response) : reject(readRefusal(error)))),
    );
  }
}

function readRefusal(error: ServiceError): Refusal {
  const [details] = error.metadata.get("grpc-status-details-bin");
  if (!(details instanceof Buffer)) return new Refusal(error.details);
  const status = Status.deserializeBinary(details);
  const [detail] = status.getDetailsList() as { getValue_asU8(): Uint8Array }[];
  if (detail === undefined) return new Refusal(error.details);
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  const kept = {
    id: failed.getId(),
    reasons: failed.getReasonsList(),
    properties: readProperties(failed.getProperties()),
  };
  return new Refusal(error.details, kept);
}

/** JSON, as it goes over the wire: what is undefined is not there. */
function createStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, never>);
}

function readProperties(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}
