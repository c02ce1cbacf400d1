import { createRequire } from "node:module";
import type { EngineGoneError } from "./errors";

export type Severity = "info" | "warning";

/** The Pulumi engine, as far as a provider talks to it on its own account. */
export interface Engine {
  /** Puts text on a resource's own row; an ephemeral one is replaced by the next. False where the engine is gone. */
  log(severity: Severity, urn: string, message: string, ephemeral: boolean): Promise<boolean>;
  /** Ends this process, because the CLI that started it is gone. */
  leave(error: EngineGoneError): void;
}

/** gRPC's code for a peer that can't be reached; from a killed CLI every call answers it. */
const UNAVAILABLE = 14;

const CALL_TIMEOUT_MS = 5_000;

type GrpcError = Error & { code?: number };

interface LogClient {
  log(request: object, options: { deadline: number }, done: (error: GrpcError | null) => void): void;
}

/** The engine that started this process, at the address that it gave as the first argument. */
export class GrpcEngine implements Engine {
  private client: LogClient | undefined;

  constructor(
    private readonly address: string | undefined = process.argv[2],
    private readonly now: () => number = () => performance.timeOrigin + performance.now(),
  ) {}

  async log(severity: Severity, urn: string, message: string, ephemeral: boolean): Promise<boolean> {
    if (this.address === undefined) return true; // a test or a tool, no engine's child
    // A connection that breaks once may come back; a dead engine's never does.
    return (
      (await this.call(severity, urn, message, ephemeral)) || this.call(severity, urn, message, ephemeral)
    );
  }

  leave(): void {
    process.exit(1);
  }

  private call(severity: Severity, urn: string, message: string, ephemeral: boolean): Promise<boolean> {
    const { LogRequest, LogSeverity } = sdk("@pulumi/pulumi/proto/engine_pb") as EngineMessages;
    const request = new LogRequest();
    request.setSeverity(severity === "info" ? LogSeverity.INFO : LogSeverity.WARNING);
    request.setUrn(urn);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    return new Promise((resolve) => {
      const deadline = this.now() + CALL_TIMEOUT_MS;
      this.connection().log(request, { deadline }, (error) => resolve(error?.code !== UNAVAILABLE));
    });
  }

  private connection(): LogClient {
    if (this.client === undefined) {
      const { EngineClient } = sdk("@pulumi/pulumi/proto/engine_grpc_pb") as EngineService;
      const { credentials } = sdk("@grpc/grpc-js") as Grpc;
      this.client = new EngineClient(this.address ?? "", credentials.createInsecure());
    }
    return this.client;
  }
}

interface EngineMessages {
  LogSeverity: { INFO: number; WARNING: number };
  LogRequest: new () => {
    setSeverity(severity: number): void;
    setUrn(urn: string): void;
    setMessage(message: string): void;
    setEphemeral(ephemeral: boolean): void;
  };
}

interface EngineService {
  EngineClient: new (address: string, credentials: unknown) => LogClient;
}

interface Grpc {
  credentials: { createInsecure(): unknown };
}

/** gRPC is the SDK's dependency, not ours: under pnpm it can be resolved from the SDK's folder alone. */
function sdk(module: string): unknown {
  return createRequire(require.resolve("@pulumi/pulumi"))(module);
}

/** One resource's row in Pulumi's display. */
export class Progress {
  constructor(
    private readonly engine: Engine,
    private readonly urn: string,
  ) {}

  /** The newest status, in place of the one before; false where the engine is gone. */
  status(text: string): Promise<boolean> {
    return this.engine.log("info", this.urn, text, true);
  }

  async info(text: string): Promise<void> {
    await this.engine.log("info", this.urn, text, false);
  }

  async warn(text: string): Promise<void> {
    await this.engine.log("warning", this.urn, text, false);
  }
}
