import { Pipe } from "./pipe";
import { Scaling } from "./scaling";
import { DB_PIPE_KINDS, type ServiceSeed, type ServiceState } from "./seed";

/**
 * A ClickHouse Cloud service with its ClickPipes and their size.
 *
 * @public
 */
export class Service {
  /** The id, a UUID. */
  readonly id: string;
  /** The name. */
  readonly name: string;
  /** The ClickPipes of the service. */
  readonly pipes: Pipe[];
  /** The size of the database ClickPipes. */
  readonly scaling: Scaling;
  /** The state of the service. */
  state: ServiceState;
  /** When a service that is waking runs again, in milliseconds since 1970. */
  wakesAtMs: number | undefined;

  constructor(seed: ServiceSeed, { defaultSnapshotMs, nowMs }: { defaultSnapshotMs: number; nowMs: number }) {
    this.id = seed.id;
    this.name = seed.name;
    this.state = seed.state ?? "running";
    this.scaling = new Scaling(seed.cores ?? 2, nowMs);
    this.pipes = (seed.clickPipes ?? []).map(
      (pipe) => new Pipe(pipe, { defaultSnapshotMs, createdAtMs: nowMs }),
    );
  }

  /** Whether the service has a database ClickPipe, and with it the scaling endpoint. */
  get hasDbPipe(): boolean {
    return this.pipes.some(({ kind }) => (DB_PIPE_KINDS as readonly string[]).includes(kind));
  }
}
