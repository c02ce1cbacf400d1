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

/** The part of Pulumi's engine that a provider calls, on loopback. It records what the provider logs. */
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
        for (const record of rows) record(call.request);
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
    rows.push((request) => engine.record(request));
    return engine;
  }

  /** Resolves when a logged message matches. */
  waitForRow(pattern: RegExp): Promise<Row> {
    return new Promise((resolve) => {
      const checkRows = () => {
        const row = this.rows.find(({ message }) => pattern.test(message));
        if (row === undefined) return;
        this.listeners.delete(checkRows);
        resolve(row);
      };
      this.listeners.add(checkRows);
      checkRows();
    });
  }

  /** Breaks every connection, as a killed CLI does. */
  kill(): void {
    this.server.forceShutdown();
  }

  private record(request: LogRequest): void {
    this.rows.push({
      severity: SEVERITIES.get(request.getSeverity()) ?? "error",
      urn: request.getUrn(),
      message: request.getMessage(),
      ephemeral: request.getEphemeral(),
    });
    for (const notify of this.listeners) notify();
  }
}
