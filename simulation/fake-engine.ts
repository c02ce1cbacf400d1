import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GetRootResourceResponse, LogSeverity, type LogRequest } from "@pulumi/pulumi/proto/engine_pb";

export interface Row {
  readonly severity: "debug" | "info" | "warning" | "error";
  readonly urn: string;
  readonly message: string;
  readonly ephemeral: boolean;
}

const SEVERITIES = new Map<number, Row["severity"]>([
  [LogSeverity.DEBUG, "debug"],
  [LogSeverity.INFO, "info"],
  [LogSeverity.WARNING, "warning"],
  [LogSeverity.ERROR, "error"],
]);

/** As much of Pulumi's engine as a provider talks to, on loopback; it keeps what it was told. */
export class FakeEngine {
  readonly rows: Row[] = [];
  private readonly listeners = new Set<() => void>();

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async start(): Promise<FakeEngine> {
    const server = new Server();
    const rows: ((request: LogRequest) => void)[] = [];
    server.addService(EngineService, {
      log(call: ServerUnaryCall<LogRequest, Empty>, done: sendUnaryData<Empty>) {
        for (const take of rows) take(call.request);
        done(null, new Empty());
      },
      getRootResource: (_call: unknown, done: sendUnaryData<GetRootResourceResponse>) =>
        done(null, new GetRootResourceResponse()),
    });
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    const engine = new FakeEngine(server, `127.0.0.1:${port}`);
    rows.push((request) => engine.take(request));
    return engine;
  }

  /** Resolves as soon as a row matches. */
  says(pattern: RegExp): Promise<Row> {
    return new Promise((resolve) => {
      const look = () => {
        const row = this.rows.find(({ message }) => pattern.test(message));
        if (row === undefined) return;
        this.listeners.delete(look);
        resolve(row);
      };
      this.listeners.add(look);
      look();
    });
  }

  /** As a killed CLI: every connection breaks, and nobody answers any more. */
  die(): void {
    this.server.forceShutdown();
  }

  private take(request: LogRequest): void {
    this.rows.push({
      severity: SEVERITIES.get(request.getSeverity()) ?? "error",
      urn: request.getUrn(),
      message: request.getMessage(),
      ephemeral: request.getEphemeral(),
    });
    for (const look of this.listeners) look();
  }
}
