import type { Engine, EngineLiveness, Severity } from "../operation/engine";
import type { Clock } from "../wait/clock";
import { requireFromSdk } from "./require-from-sdk";

/**
 * gRPC's codes if no engine responded. Calls to a killed CLI end as unavailable. Calls that were in flight when it was killed may end as
 * canceled or as an internal error.
 */
const NOT_REACHED_CODES: readonly (number | undefined)[] = [1, 13, 14];

const DEADLINE_EXCEEDED = 4;

const CALL_TIMEOUT_MS = 5_000;

/** Without it gRPC uses a proxy of the environment (https_proxy, http_proxy) even for an engine on this machine. */
const NO_PROXY = { "grpc.enable_http_proxy": 0 };

type GrpcError = Error & { code?: number };

type Done = (error: GrpcError | null) => void;

interface EngineClient {
  log(request: object, options: { deadline: number }, done: Done): void;
  getRootResource(request: object, options: { deadline: number }, done: Done): void;
}

/** The engine that started this process. Its address is the last argument, because --logflow and --tracing add others before it. */
export class GrpcEngine implements Engine {
  private client: EngineClient | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly address: string | undefined = process.argv.slice(2).at(-1),
  ) {}

  /** Sends a request that leaves no trace in the display. */
  ping(): Promise<EngineLiveness> {
    const { GetRootResourceRequest } = requireFromSdk("@pulumi/pulumi/proto/engine_pb") as EngineMessages;
    return this.call((client, options, done) =>
      client.getRootResource(new GetRootResourceRequest(), options, done),
    );
  }

  async log(severity: Severity, urn: string, message: string, ephemeral: boolean): Promise<boolean> {
    const { LogRequest, LogSeverity } = requireFromSdk("@pulumi/pulumi/proto/engine_pb") as EngineMessages;
    const request = new LogRequest();
    request.setSeverity(severity === "info" ? LogSeverity.INFO : LogSeverity.WARNING);
    request.setUrn(urn);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    return (await this.call((client, options, done) => client.log(request, options, done))) !== "gone";
  }

  exitProcess(): void {
    process.exit(1);
  }

  private async call(send: (client: EngineClient, options: { deadline: number }, done: Done) => void) {
    if (this.address === undefined) return "alive"; // a test or a tool, not started by an engine
    const once = () =>
      new Promise<EngineLiveness>((resolve) => {
        const deadline = this.clock.date().getTime() + CALL_TIMEOUT_MS;
        send(this.connection(), { deadline }, (error) => resolve(toLiveness(error)));
      });
    const first = await once();
    // A connection to a running engine may break once. One to an engine that has exited always fails.
    return first === "gone" ? once() : first;
  }

  private connection(): EngineClient {
    if (this.client === undefined) {
      const { EngineClient } = requireFromSdk("@pulumi/pulumi/proto/engine_grpc_pb") as EngineService;
      const { credentials } = requireFromSdk("@grpc/grpc-js") as Grpc;
      this.client = new EngineClient(this.address ?? "", credentials.createInsecure(), NO_PROXY);
    }
    return this.client;
  }
}

function toLiveness(error: GrpcError | null): EngineLiveness {
  if (error?.code === DEADLINE_EXCEEDED) return "silent";
  return NOT_REACHED_CODES.includes(error?.code) ? "gone" : "alive";
}

interface EngineMessages {
  LogSeverity: { INFO: number; WARNING: number };
  LogRequest: new () => {
    setSeverity(severity: number): void;
    setUrn(urn: string): void;
    setMessage(message: string): void;
    setEphemeral(ephemeral: boolean): void;
  };
  GetRootResourceRequest: new () => object;
}

interface EngineService {
  EngineClient: new (address: string, credentials: unknown, options: object) => EngineClient;
}

interface Grpc {
  credentials: { createInsecure(): unknown };
}
