import { type EmulatorClock, seededRandom } from "./clock";
import type { Guesses } from "./guesses";
import { Pipe } from "./pipe";
import { Scaling } from "./scaling";
import {
  DB_PIPE_KINDS,
  type KeySeed,
  type PipeSeed,
  type PipeState,
  type Seed,
  type ServiceState,
} from "./seed";

/** A change takes ClickHouse 3 to 5 minutes; how long within that is drawn for each. */
export type Convergence = number | readonly [minMs: number, maxMs: number];

export class Service {
  readonly pipes: Pipe[];
  readonly scaling: Scaling;
  state: ServiceState;
  wakesAtMs: number | undefined;

  constructor(
    readonly id: string,
    readonly name: string,
    state: ServiceState,
    cores: number,
    pipes: readonly Pipe[],
    nowMs: number,
  ) {
    this.state = state;
    this.pipes = [...pipes];
    this.scaling = new Scaling(cores, nowMs);
  }

  get hasDbPipe(): boolean {
    return this.pipes.some(({ kind }) => (DB_PIPE_KINDS as readonly string[]).includes(kind));
  }
}

export class Organization {
  readonly services = new Map<string, Service>();

  constructor(
    readonly id: string,
    readonly name: string,
    readonly keys: KeySeed[],
  ) {}
}

/** ClickHouse Cloud in memory: what exists, and what tests and other people do to it behind a stack's back. */
export class Cloud {
  readonly organizations = new Map<string, Organization>();
  convergence: Convergence;
  private random: () => number;

  constructor(
    private readonly seed: Seed,
    readonly clock: EmulatorClock,
    readonly guesses: Guesses,
    convergence: Convergence,
    private readonly wakingMs: number,
    /** How long the initial load of a pipe takes that is created, or that is loaded once more. */
    readonly snapshotMs: number,
    private readonly randomSeed: number,
  ) {
    this.convergence = convergence;
    this.random = seededRandom(randomSeed);
    this.reset();
  }

  /** Back to the seed. */
  reset(): void {
    this.organizations.clear();
    this.random = seededRandom(this.randomSeed);
    for (const { id, name, keys, services } of this.seed.organizations) {
      const organization = new Organization(id, name, [...keys]);
      for (const { id: serviceId, name: serviceName, state, cores, clickPipes } of services) {
        const pipes = (clickPipes ?? []).map((pipe) => new Pipe(pipe, this.snapshotMs, this.clock.now()));
        organization.services.set(
          serviceId,
          new Service(serviceId, serviceName, state ?? "running", cores ?? 2, pipes, this.clock.now()),
        );
      }
      this.organizations.set(id, organization);
    }
  }

  /** The service wherever it is; throws where there is none, since that is a test's mistake. */
  getService(id: string): Service {
    for (const organization of this.organizations.values()) {
      const service = organization.services.get(id);
      if (service !== undefined) return this.finishWaking(service);
    }
    throw new Error(`the emulator has no service ${id}`);
  }

  getCores(serviceId: string): number {
    return this.getService(serviceId).scaling.getCores(this.clock.now());
  }

  /** Somebody else, or the cloud itself, changes the size; at once, or after a delay. */
  setCores(serviceId: string, cores: number, afterMs = 0): void {
    const nowMs = this.clock.now();
    this.getService(serviceId).scaling.setCores(cores, nowMs, nowMs + afterMs);
  }

  getBilledUnitHours(serviceId: string): number {
    return this.getService(serviceId).scaling.getBilledUnitHours(this.clock.now());
  }

  setServiceState(serviceId: string, state: ServiceState): void {
    const service = this.getService(serviceId);
    service.state = state;
    service.wakesAtMs = undefined;
  }

  wake(service: Service): void {
    if (service.state !== "idle" && service.state !== "stopped") return;
    service.state = service.state === "idle" ? "awaking" : "starting";
    service.wakesAtMs = this.clock.now() + this.wakingMs;
  }

  deleteService(serviceId: string): void {
    for (const organization of this.organizations.values()) organization.services.delete(serviceId);
  }

  addPipe(serviceId: string, seed: PipeSeed): Pipe {
    const pipe = new Pipe(seed, this.snapshotMs, this.clock.now());
    this.getService(serviceId).pipes.push(pipe);
    return pipe;
  }

  removePipe(serviceId: string, pipeId: string): void {
    const { pipes } = this.getService(serviceId);
    const index = pipes.findIndex(({ id }) => id === pipeId);
    if (index >= 0) pipes.splice(index, 1);
  }

  setPipeState(serviceId: string, pipeId: string, state: PipeState): void {
    this.getPipe(serviceId, pipeId).setState(state, this.clock.now());
  }

  findServiceOfPipe(pipeId: string): Service | undefined {
    const services = [...this.organizations.values()].flatMap((organization) => [
      ...organization.services.values(),
    ]);
    return services.find(({ pipes }) => pipes.some(({ id }) => id === pipeId));
  }

  getPipe(serviceId: string, pipeId: string): Pipe {
    const pipe = this.getService(serviceId).pipes.find(({ id }) => id === pipeId);
    if (pipe === undefined) throw new Error(`the emulator's service ${serviceId} has no pipe ${pipeId}`);
    return pipe;
  }

  drawConvergenceMs(): number {
    if (typeof this.convergence === "number") return this.convergence;
    const [minMs, maxMs] = this.convergence;
    return minMs + this.random() * (maxMs - minMs);
  }

  private finishWaking(service: Service): Service {
    if (service.wakesAtMs !== undefined && service.wakesAtMs <= this.clock.now()) {
      service.state = "running";
      service.wakesAtMs = undefined;
    }
    return service;
  }
}
