import { DEFAULT_KEY, type Emulator, startEmulator } from "../emulator";
import { ApiKey } from "../provider/cloud/api-key";
import { StackSettings } from "../provider/cloud/stack-settings";
import { type HttpRequest, type HttpResponse, Transport } from "../provider/cloud/transport";
import { Core } from "../provider/core";
import { DynamicProvider } from "../provider/dynamic/provider";
import { ProviderContext } from "../provider/operation/context";
import { FakeClock } from "../simulation/fake-clock";
import { RecordingEngine } from "../simulation/recording-engine";
import {
  DEFAULT_SCENARIO,
  FAULT_SCENARIOS,
  type FaultScenario,
  isSideRequest,
  type SideRequest,
} from "./fault-scenarios";
import type { FaultEffect, FaultKind } from "./faults";
import type { UnreachableHosts } from "./unreachable-hosts";

/** Each change arrives after this time, within the documented 3 to 5 minutes. */
export const CONVERGENCE_MS = 200_000;

const KEY = new ApiKey(DEFAULT_KEY, "environment CLICKHOUSE_CLOUD_API_KEY", false);

/** The request of an operation that meets the fault first. */
export type FaultPoint = "first read" | "change" | "poll" | "last poll" | "confirming read" | SideRequest;

/** How long the fault lasts, from that request on, for requests of the same kind. */
export type Persistence = "once" | "for 30 s" | "permanently";

export type Operation = "create" | "update" | "read" | "delete";

/** An operation that meets a fault. */
export interface FaultTrial {
  readonly operation: Operation;
  readonly fault: FaultKind;
  readonly point: FaultPoint;
  readonly persistence: Persistence;
}

/** What one run of an operation has sent, and what the client could know of it. */
class RunLog {
  readonly sent: HttpRequest[] = [];
  acceptedChanges = 0;
  /** Whether a change may have been accepted, as far as the client can know. */
  mayHaveChanged = false;
  firstFaultAtMs: number | undefined;
  /** Whether a request was sent before the API allowed the next one. */
  sentTooEarly = false;
  /** No request may be sent before this time. */
  retryAtMs = 0;
  /** When the change was sent, by the calendar in whole milliseconds, as the emulator counts them. */
  changeSentAtMs: number | undefined;

  recordRequest(request: HttpRequest, nowMs: number, fault: FaultKind | undefined): void {
    this.sentTooEarly ||= nowMs < this.retryAtMs;
    this.retryAtMs = nowMs + (fault?.retryAfterMs ?? 0);
    this.sent.push(request);
  }

  recordChange(calendarMs: number, fault: FaultKind | undefined): void {
    this.changeSentAtMs = calendarMs;
    if (fault?.patch !== "not applied") this.mayHaveChanged = true;
    if (fault === undefined || fault.patch === "applied" || fault.isApplied) this.acceptedChanges++;
  }
}

/** The real provider, client and HTTP against the emulator, both in one virtual time, with a fault at a chosen request. */
export class FaultWorld {
  readonly engine = new RecordingEngine();
  /** Of the latest run. */
  log = new RunLog();
  /** The size in the latest response that showed one. */
  lastReadCores: number | undefined;
  private trial: FaultTrial | undefined;
  private scenario = DEFAULT_SCENARIO;
  private targetCores = 0;

  private constructor(
    readonly clock: FakeClock,
    readonly emulator: Emulator,
    private readonly hosts: UnreachableHosts,
  ) {}

  static async open(hosts: UnreachableHosts): Promise<FaultWorld> {
    const clock = new FakeClock();
    // Commands follow one another without a pause. A 429 by the emulator itself would be a second fault.
    const emulator = await startEmulator({ clock, convergenceMs: CONVERGENCE_MS, rateLimit: "none" });
    return new FaultWorld(clock, emulator, hosts);
  }

  /** Restores the cloud's initial state and chooses the scenario for a fault at that point. */
  reset(point: FaultPoint): void {
    this.emulator.reset();
    this.engine.rows.length = 0;
    this.scenario = isSideRequest(point) ? FAULT_SCENARIOS[point] : DEFAULT_SCENARIO;
  }

  /** The inputs that the program declares in addition to the size. */
  get declared(): FaultScenario["declared"] {
    return this.scenario.declared;
  }

  /** Prepares the cloud for the operation under test. */
  prepare(): void {
    this.scenario.prepare(this.emulator.cloud, this.clock);
  }

  /** Sets the size that the next runs change to. It tells a poll from a confirming read. */
  setTarget(cores: number): void {
    this.targetCores = cores;
    this.lastReadCores = undefined;
  }

  /** Starts another `pulumi` command, which is a process of its own, with or without a fault. */
  startRun(trial?: FaultTrial): DynamicProvider {
    this.trial = trial;
    this.log = new RunLog();
    const context = new ProviderContext(this.engine, this.clock, () => ({
      redact: (text) => new Transport(new URL(this.emulator.url), KEY, this.clock).redact(text),
      send: (request, signal) => this.send(request, signal),
    }));
    context.configure(new StackSettings({ get: (name) => CONFIG[name] }));
    return new DynamicProvider(new Core(context));
  }

  /** Waits until every change has arrived. */
  async converge(): Promise<void> {
    await this.clock.run(this.clock.sleep(2 * CONVERGENCE_MS));
  }

  private async send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    const { clock, emulator, log } = this;
    const fault = this.chooseFault(request);
    log.recordRequest(request, clock.nowMs(), fault);
    if (request.method === "PATCH" && isScaling(request)) log.recordChange(clock.now(), fault);
    const effect = fault?.createEffect(clock.date());
    const url = effect !== undefined && "host" in effect ? this.hosts.getUrl(effect.host) : emulator.url;
    emulator.faults.clear();
    if (effect !== undefined && "fault" in effect) emulator.faults.add(effect);
    const pending = new Transport(new URL(url), KEY, clock).send(request, signal);
    const response = await this.holdTime(pending, effect);
    const isReadable = fault === undefined || fault.isHarmless;
    if (request.method === "GET" && isScaling(request) && isReadable) {
      const { result } = response.json as { result?: { replicaCpuMillicores: number } };
      if (result !== undefined) this.lastReadCores = result.replicaCpuMillicores / 1_000;
    }
    return response;
  }

  /** Stops time until the response is there, or until the API has handled the request if there never is a response. */
  private async holdTime(
    pending: Promise<HttpResponse>,
    effect: FaultEffect | undefined,
  ): Promise<HttpResponse> {
    const isEndless =
      effect !== undefined && "fault" in effect && ["silence", "endless"].includes(effect.fault.kind);
    if (!isEndless) return this.clock.hold(pending);
    await this.clock.hold(
      new Promise<void>((resolve) => {
        const stop = this.emulator.watch((moment) => {
          if (moment !== "after") return;
          stop();
          resolve();
        });
      }),
    );
    return pending;
  }

  /** The fault that this request meets, if any. */
  private chooseFault(request: HttpRequest): FaultKind | undefined {
    const { trial, log } = this;
    if (trial === undefined) return undefined;
    const nowMs = this.clock.nowMs();
    if (log.firstFaultAtMs === undefined) {
      if (!this.isAtPoint(request, trial.point)) return undefined;
      log.firstFaultAtMs = nowMs;
      return trial.fault;
    }
    const isLasting =
      trial.persistence === "permanently" ||
      (trial.persistence === "for 30 s" && nowMs - log.firstFaultAtMs <= 30_000);
    return isLasting && this.isSameKind(request, trial.point) ? trial.fault : undefined;
  }

  private isAtPoint(request: HttpRequest, point: FaultPoint): boolean {
    if (isSideRequest(point)) return this.scenario.isTarget(request, this.log.sent);
    return isScaling(request) && this.classify(request) === point;
  }

  private isSameKind(request: HttpRequest, point: FaultPoint): boolean {
    if (isSideRequest(point)) return this.scenario.isTarget(request, this.log.sent);
    return isScaling(request) && (request.method === "PATCH") === (point === "change");
  }

  private classify({ method }: HttpRequest): FaultPoint {
    if (method === "PATCH") return "change";
    if (this.log.changeSentAtMs === undefined) return "first read";
    if (this.lastReadCores === this.targetCores) return "confirming read";
    // The last poll is the first one after the change has arrived.
    return this.clock.now() - this.log.changeSentAtMs < CONVERGENCE_MS ? "poll" : "last poll";
  }
}

const CONFIG: Readonly<Record<string, string>> = {
  "clickhouse:tokenKey": DEFAULT_KEY.id,
  "clickhouse:tokenSecret": DEFAULT_KEY.secret,
};

function isScaling({ path }: HttpRequest): boolean {
  return path.at(-1) === "clickpipesCdcScaling";
}
