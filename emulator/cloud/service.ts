import type { Guesses } from "./guesses";
import { Pipe, type PipeDurations } from "./pipe";
import { Scaling } from "./scaling";
import { DB_PIPE_KINDS, type PipeSeed, type ServiceSeed, type ServiceState } from "./seed";

interface ServiceOptions {
  readonly pipeDurations: PipeDurations;
  readonly guesses: Guesses;
  readonly nowMs: number;
}

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
  readonly pipes: Pipe[] = [];
  /** The size of the database ClickPipes. */
  readonly scaling: Scaling;
  /** The state of the service. */
  state: ServiceState;
  /** When a service that is waking runs again, in milliseconds since 1970. */
  wakesAtMs: number | undefined;
  private readonly pipeDurations: PipeDurations;
  private readonly guesses: Guesses;

  constructor(seed: ServiceSeed, { pipeDurations, guesses, nowMs }: ServiceOptions) {
    this.id = seed.id;
    this.name = seed.name;
    this.state = seed.state ?? "running";
    this.scaling = new Scaling(seed.cores ?? 2, nowMs);
    this.pipeDurations = pipeDurations;
    this.guesses = guesses;
    for (const pipe of seed.clickPipes ?? []) this.addPipe(pipe, nowMs);
  }

  /** Adds a ClickPipe. */
  addPipe(seed: PipeSeed, createdAtMs: number): Pipe {
    const pipe = new Pipe(seed, {
      durations: this.pipeDurations,
      createdAtMs,
      resizeDuringSnapshot: this.guesses.resizeDuringSnapshot,
      listResizes: (nowMs) => this.scaling.listResizes(nowMs),
    });
    this.pipes.push(pipe);
    return pipe;
  }

  /**
   * Whether the service has a database ClickPipe, and with it the scaling endpoint. What becomes of the size without one is not
   * documented: here it is kept for the next pipe.
   */
  get hasDbPipe(): boolean {
    return this.dbPipes.length > 0;
  }

  /** The ClickPipes of databases. */
  get dbPipes(): Pipe[] {
    return this.pipes.filter(({ kind }) => (DB_PIPE_KINDS as readonly string[]).includes(kind));
  }
}
