import type { EmulatorClock } from "./clock";
import { type CloudOptions, type ConvergenceMs, resolveCloudOptions } from "./cloud-options";
import type { Guesses } from "./guesses";
import { isPossibleSize, MAX_CORES } from "./legal-cores";
import { Organization } from "./organization";
import type { Pipe, PipeDurations } from "./pipe";
import type { PipeSeed, PipeState, Seed, ServiceState } from "./seed";
import { seededRandom } from "./seeded-random";
import { Service } from "./service";

/**
 * ClickHouse Cloud in memory. Tests use its methods to play other users, who change things outside a stack.
 *
 * @public
 */
export class Cloud {
  /** The organizations by their ids. */
  readonly organizations = new Map<string, Organization>();
  /** The clock. */
  readonly clock: EmulatorClock;
  /** What the emulator assumes where ClickHouse documents nothing. */
  readonly guesses: Guesses;
  /** How long the states of a new pipe take if its seed doesn't say. */
  readonly pipeDurations: PipeDurations;
  /** How long the next changes of size take. */
  convergenceMs: ConvergenceMs;
  private readonly seed: Seed;
  private readonly wakingMs: number;
  private readonly randomSeed: number;
  private random: () => number;

  constructor(options: CloudOptions = {}) {
    const resolved = resolveCloudOptions(options);
    this.seed = resolved.seed;
    this.clock = resolved.clock;
    this.guesses = resolved.guesses;
    this.convergenceMs = resolved.convergenceMs;
    this.wakingMs = resolved.wakingMs;
    this.pipeDurations = resolved.pipeDurations;
    this.randomSeed = resolved.randomSeed;
    this.random = seededRandom(this.randomSeed);
    this.reset();
  }

  /** Restores the seed. */
  reset(): void {
    this.organizations.clear();
    this.random = seededRandom(this.randomSeed);
    for (const { id, name, keys, services } of this.seed.organizations) {
      const organization = new Organization(id, name, keys);
      for (const seed of services) {
        const { pipeDurations, guesses } = this;
        const options = { pipeDurations, guesses, nowMs: this.clock.now() };
        organization.services.set(seed.id, new Service(seed, options));
      }
      this.organizations.set(id, organization);
    }
  }

  /** Returns the service with this id in any organization. Throws if there is none. */
  getService(id: string): Service {
    for (const organization of this.organizations.values()) {
      const service = organization.services.get(id);
      if (service !== undefined) return this.finishWaking(service);
    }
    throw new Error(`The emulator has no service ${id}`);
  }

  /** Returns the cores per replica that the service runs at now. */
  getCores(serviceId: string): number {
    return this.getService(serviceId).scaling.getCores(this.clock.now());
  }

  /**
   * Changes the size as another user would, at once or after `afterMs` milliseconds. Throws if it is not above 0 and at most 32.
   * Fractions pass, although no request can set them: a test can check what a stack makes of one.
   */
  setCores(serviceId: string, cores: number, afterMs = 0): void {
    if (!isPossibleSize(cores))
      throw new RangeError(`cores must be above 0 and at most ${MAX_CORES}, got ${cores}`);
    const nowMs = this.clock.now();
    this.getService(serviceId).scaling.setCores(cores, nowMs, nowMs + afterMs);
  }

  /** Returns the compute unit hours billed since the seed was loaded. */
  getBilledUnitHours(serviceId: string): number {
    return this.getService(serviceId).scaling.getBilledUnitHours(this.clock.now());
  }

  /**
   * Returns how many initial loads of the service's pipes a change of size broke so far: restarted or failed. 0 unless the guess
   * `resizeDuringSnapshot` says otherwise. Pipes that were removed do not count.
   */
  countBrokenLoads(serviceId: string): number {
    const counts = this.getService(serviceId).pipes.map((pipe) => pipe.countBrokenLoads(this.clock.now()));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Changes the state of a service, as another user would. */
  setServiceState(serviceId: string, state: ServiceState): void {
    const service = this.getService(serviceId);
    service.state = state;
    service.wakesAtMs = undefined;
  }

  /** Starts to wake an idle or stopped service. No effect in other states. */
  wake(service: Service): void {
    if (service.state !== "idle" && service.state !== "stopped") return;
    service.state = service.state === "idle" ? "awaking" : "starting";
    service.wakesAtMs = this.clock.now() + this.wakingMs;
  }

  /** Deletes a service. */
  deleteService(serviceId: string): void {
    for (const organization of this.organizations.values()) organization.services.delete(serviceId);
  }

  /** Adds a ClickPipe to a service. */
  addPipe(serviceId: string, seed: PipeSeed): Pipe {
    return this.getService(serviceId).addPipe(seed, this.clock.now());
  }

  /** Removes the pipe. No effect if the service has no such pipe. */
  removePipe(serviceId: string, pipeId: string): void {
    const { pipes } = this.getService(serviceId);
    const index = pipes.findIndex(({ id }) => id === pipeId);
    if (index >= 0) pipes.splice(index, 1);
  }

  /** Puts the pipe into a state, in which it stays. */
  setPipeState(serviceId: string, pipeId: string, state: PipeState): void {
    this.getPipe(serviceId, pipeId).setState(state, this.clock.now());
  }

  /** Returns the services of all organizations. */
  listServices(): Service[] {
    return [...this.organizations.values()].flatMap(({ services }) => [...services.values()]);
  }

  /** Finds the ClickPipes with this id, or with this name. Several pipes may have the same name. */
  findPipes(idOrName: string): { readonly service: Service; readonly pipe: Pipe }[] {
    return this.listServices().flatMap((service) =>
      service.pipes
        .filter(({ id, name }) => id === idOrName || name === idOrName)
        .map((pipe) => ({ service, pipe })),
    );
  }

  /** Returns the pipe with this id. Throws if the service has none. */
  getPipe(serviceId: string, pipeId: string): Pipe {
    const pipe = this.getService(serviceId).pipes.find(({ id }) => id === pipeId);
    if (pipe === undefined) throw new Error(`The emulator's service ${serviceId} has no pipe ${pipeId}`);
    return pipe;
  }

  /** Draws how long the next change of size takes, in milliseconds. */
  drawConvergenceMs(): number {
    if (typeof this.convergenceMs === "number") return this.convergenceMs;
    const [minMs, maxMs] = this.convergenceMs;
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
