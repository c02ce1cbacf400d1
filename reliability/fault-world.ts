import { DynamicProvider } from "../provider/dynamic/provider";
import { StackSettings } from "../provider/cloud/stack-settings";
import { DEFAULT_KEY, type Emulator, startEmulator } from "../emulator";
import { type HttpResponse, type HttpRequest, Transport } from "../provider/cloud/transport";
import type { ApiKey } from "../provider/cloud/settings";
import { Core } from "../provider/core";
import { ProviderContext } from "../provider/operation/context";
import { FakeClock } from "../simulation/fake-clock";
import { RecordingEngine } from "../simulation/recording-engine";
import type { UnreachableHosts } from "./unreachable-hosts";
import type { Happening, Misfortune } from "./faults";
import { type Aside, isAside, ORDINARY, type Scene, SCENES } from "./fault-scenarios";

/** Each change arrives after this time, as long as documented. */
export const CONVERGENCE_MS = 200_000;

const KEY: ApiKey = { ...DEFAULT_KEY, source: "environment CLICKHOUSE_CLOUD_API_KEY", fromConfig: false };

/** Where requests meet a misfortune, as a person would name the moment. */
export type Moment = "first read" | "change" | "poll" | "last poll" | "confirming read" | Aside;

/** For how long it strikes each request of the same kind, from the first on. */
export type Persistence = "once" | "for 30 s" | "for ever";

export interface Plan {
  readonly misfortune: Misfortune;
  readonly moment: Moment;
  readonly persistence: Persistence;
}

/** The real provider, client and HTTP against the emulator, both in one virtual time, and a misfortune at a chosen request. */
export class World {
  readonly engine = new RecordingEngine();
  requests = 0;
  /** Changes that the API took. */
  taken = 0;
  /** Whether some change may have been taken, as far as the client can know. */
  mayBeTaken = false;
  /** The size of the last answer that showed one. */
  seenCores: number | undefined;
  struckAtMs: number | undefined;
  /** Whether a request was sent before the API was to be asked again. */
  wasHasty = false;
  private quietUntilMs = 0;
  private plan: Plan | undefined;
  private scene = ORDINARY;
  private sent: HttpRequest[] = [];
  private wantedCores = 0;
  private hasSent = false;
  /** By the calendar, whole milliseconds, as the emulator counts them. */
  private changedAtMs = 0;

  private constructor(
    readonly clock: FakeClock,
    readonly emulator: Emulator,
    private readonly hosts: UnreachableHosts,
  ) {}

  static async open(hosts: UnreachableHosts): Promise<World> {
    const clock = new FakeClock();
    // Commands follow each other without a pause here: a refusal of the emulator's own would be a second misfortune.
    const emulator = await startEmulator({ clock, convergenceMs: CONVERGENCE_MS, rateLimit: "none" });
    return new World(clock, emulator, hosts);
  }

  /** The cloud as it began, for a scene of that moment; a misfortune meets nobody until a run is given one. */
  begin(moment: Moment): void {
    this.emulator.reset();
    this.engine.rows.length = 0;
    this.scene = sceneOf(moment);
  }

  /** What the program declares beside the size. */
  get declared(): Scene["declared"] {
    return this.scene.declared;
  }

  /** What is there when the operation begins that is to be tried. */
  setScene(): void {
    this.scene.set(this.emulator.cloud, this.clock);
  }

  /** The size that the next runs are to bring about: it tells a poll from a confirming read. */
  expect(cores: number): void {
    this.wantedCores = cores;
    this.seenCores = undefined;
  }

  /** Another `pulumi` command: a process of its own, with or without a misfortune. */
  nextRun(plan?: Plan): DynamicProvider {
    this.plan = plan;
    this.requests = 0;
    this.sent = [];
    this.taken = 0;
    this.mayBeTaken = false;
    this.hasSent = false;
    this.struckAtMs = undefined;
    this.wasHasty = false;
    this.quietUntilMs = 0;
    const session = new ProviderContext(this.engine, this.clock, () => ({
      secrets: new Transport(new URL(this.emulator.url), KEY, this.clock).secrets,
      send: (request, signal) => this.send(request, signal),
    }));
    session.configure(new StackSettings({ get: (name) => CONFIG[name] }));
    return new DynamicProvider(new Core(session));
  }

  async settled(): Promise<void> {
    await this.clock.run(this.clock.sleep(2 * CONVERGENCE_MS));
  }

  private async send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    this.requests++;
    const isChange = request.method === "PATCH" && isScaling(request);
    const nowMs = this.clock.nowMs();
    this.wasHasty ||= nowMs < this.quietUntilMs;
    const misfortune = this.struck(request);
    this.quietUntilMs = nowMs + (misfortune?.quietMs ?? 0);
    this.sent.push(request);
    if (isChange) {
      this.hasSent = true;
      this.changedAtMs = this.clock.now();
    }
    if (isChange && misfortune?.patch !== "not taken") this.mayBeTaken = true;
    if (isChange && (misfortune === undefined || misfortune.patch === "taken" || misfortune.isApplied))
      this.taken++;
    const happening = misfortune?.happens(this.clock.date());
    const url =
      happening !== undefined && "host" in happening ? this.hosts.url(happening.host) : this.emulator.url;
    this.emulator.faults.clear();
    if (happening !== undefined && "fault" in happening) this.emulator.faults.add(happening);
    const answering = new Transport(new URL(url), KEY, this.clock).send(request, signal);
    const answer = await this.heldUntilHandled(answering, happening);
    const isRight = misfortune === undefined || misfortune.isHarmless;
    if (request.method === "GET" && isScaling(request) && isRight) {
      const { result } = answer.json as { result?: { replicaCpuMillicores: number } };
      if (result !== undefined) this.seenCores = result.replicaCpuMillicores / 1_000;
    }
    return answer;
  }

  /** Time stands still until the answer came; where none ever comes, until the API has handled the request. */
  private async heldUntilHandled(
    answering: Promise<HttpResponse>,
    happening: Happening | undefined,
  ): Promise<HttpResponse> {
    const isEndless =
      happening !== undefined &&
      "fault" in happening &&
      ["silence", "endless"].includes(happening.fault.kind);
    if (!isEndless) return this.clock.hold(answering);
    await this.clock.hold(
      new Promise<void>((resolve) => {
        const stop = this.emulator.watch((moment) => {
          if (moment !== "after") return;
          stop();
          resolve();
        });
      }),
    );
    return answering;
  }

  private struck(request: HttpRequest): Misfortune | undefined {
    const { plan } = this;
    if (plan === undefined) return undefined;
    const nowMs = this.clock.nowMs();
    if (this.struckAtMs === undefined) {
      if (!this.isMoment(request, plan.moment)) return undefined;
      this.struckAtMs = nowMs;
      return plan.misfortune;
    }
    const lasts =
      plan.persistence === "for ever" ||
      (plan.persistence === "for 30 s" && nowMs - this.struckAtMs <= 30_000);
    return lasts && this.isSameKind(request, plan.moment) ? plan.misfortune : undefined;
  }

  private isMoment(request: HttpRequest, moment: Moment): boolean {
    return isAside(moment)
      ? this.scene.sends(request, this.sent)
      : isScaling(request) && this.momentOf(request) === moment;
  }

  private isSameKind(request: HttpRequest, moment: Moment): boolean {
    if (isAside(moment)) return this.scene.sends(request, this.sent);
    return isScaling(request) && (request.method === "PATCH") === (moment === "change");
  }

  private momentOf({ method }: HttpRequest): Moment {
    if (method === "PATCH") return "change";
    if (!this.hasSent) return "first read";
    if (this.seenCores === this.wantedCores) return "confirming read";
    // The first poll that finds the change arrived, as far as it gets an answer.
    return this.clock.now() - this.changedAtMs < CONVERGENCE_MS ? "poll" : "last poll";
  }
}

const CONFIG: Readonly<Record<string, string>> = {
  "clickhouse:tokenKey": DEFAULT_KEY.id,
  "clickhouse:tokenSecret": DEFAULT_KEY.secret,
};

function sceneOf(moment: Moment): Scene {
  return isAside(moment) ? SCENES[moment] : ORDINARY;
}

function isScaling({ path }: HttpRequest): boolean {
  return path.at(-1) === "clickpipesCdcScaling";
}
