import * as pulumi from "@pulumi/pulumi";
import type { LastBurst, Phase } from "../../sizing";
import { isArgumentName } from "../state/argument-names";
import { type AdviceName } from "../state/inputs";
import { listSecretProperties } from "./config-secrets";
import { warnAboutPlaintextKey } from "./plaintext-key";
import { suppressStackTraces } from "./stack-traces";

export type { AdviceName };

const TYPE = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";

/** The module that Pulumi's dynamic-provider process loads. It is resolved from the folder of the program. */
const PROVIDER_MODULE = "pulumi-clickpipes/provider";

/**
 * Names the module of the provider instead of serializing its code. So the state stays small, no release of this package, of Node.js or
 * of the SDK changes it, and refresh and destroy run the installed code. If the package can't be found, because it was removed together
 * with its last resource or is installed elsewhere, this code says what to do, without the SDK's stack trace.
 */
const PROVIDER =
  `exports.handler=()=>{try{return require("${PROVIDER_MODULE}").provider}catch(e){e.stack="";` +
  'e.message="Install pulumi-clickpipes, its resources need it: "+e.message.split("\\n")[0];throw e}}';

/**
 * A larger size while database ClickPipes are in their initial load.
 *
 * @public
 */
export interface InitialLoadArgs {
  /** Cores per replica during the initial load: a whole number from `cores` to `maxCores`. */
  cores: pulumi.Input<number>;

  /**
   * The latest end of the burst, an ISO 8601 time with a time zone, such as `2026-12-01T00:00:00Z`. From then on an `up` scales to the
   * steady size, whatever the state of the pipes is.
   *
   * @default None: only the end of the initial load ends the burst. A warning names its cost.
   */
  endBy?: pulumi.Input<string> | undefined;

  /**
   * The ids of the ClickPipes whose initial load counts, at least one.
   *
   * @default Every database ClickPipe of the service.
   */
  pipes?: pulumi.Input<pulumi.Input<string>[]> | undefined;

  /**
   * Whether the burst starts before its pipe exists, so that no resize happens during the initial load. Create the pipe after this
   * resource, with `dependsOn`. The burst ends when the new pipe is loaded, and starts only once: for a second load, remove the argument,
   * run `pulumi up`, and set it again. Needs `endBy`, and excludes `pipes`.
   *
   * The first database ClickPipe of a service can't be ahead: without one, the service has no size to change.
   *
   * @default false
   *
   * @example
   * ```ts
   * const compute = new CdcCompute("orders", {
   *   serviceId,
   *   cores: 2,
   *   initialLoad: { cores: 24, endBy: "2026-12-01T00:00:00Z", startAhead: true },
   * });
   * ```
   */
  startAhead?: pulumi.Input<boolean> | undefined;
}

/**
 * The arguments of {@link CdcCompute} and {@link CdcScaling}: the size of the compute that all database ClickPipes of a ClickHouse Cloud
 * service share.
 *
 * @public
 */
export interface CdcScalingArgs {
  /** The id of the service, a UUID. A change replaces the resource. */
  serviceId: pulumi.Input<string>;

  /**
   * The id of the organization that owns the service, a UUID. A change replaces the resource.
   *
   * @default Stack config `clickhouse:organizationId`, else environment `CLICKHOUSE_ORG_ID`, else the only organization that the key has
   * access to. The resource keeps what it found.
   */
  organizationId?: pulumi.Input<string> | undefined;

  /**
   * Cores per replica, a whole number from 1 to `maxCores`. Each core has 4 GB of memory. With `initialLoad`, this is the steady size.
   */
  cores: pulumi.Input<number>;

  /**
   * A larger size while pipes are in their initial load. Each `up` reads the pipes of the service and scales to the burst or to the
   * steady size. If it can't read them, it keeps the previous size. A new resource plans the burst if its service has no database
   * ClickPipe yet, or if the service or the pipes are unknown before the update.
   *
   * @default None, and the pipes are only read to warn of a resize during the load of a Postgres pipe.
   */
  initialLoad?: pulumi.Input<InitialLoadArgs> | undefined;

  /**
   * The maximum of `cores`, `initialLoad.cores` and `coresAfterDestroy`, a whole number from 24 to 32. Opts in to sizes above the
   * limit that most of ClickHouse's pages document.
   *
   * @default 24
   */
  maxCores?: pulumi.Input<number> | undefined;

  /**
   * The most that the size may cost, in US dollars per hour, including the burst. The preview fails above it.
   *
   * @default No limit.
   */
  maxUsdPerHour?: pulumi.Input<number> | undefined;

  /**
   * The cores per replica that a destroy leaves, a whole number from 1 to `maxCores`. A destroy never scales up: if the service has fewer,
   * it keeps them.
   *
   * @default The size before this resource's first change. If it never changed the size, a destroy leaves the size unchanged.
   */
  coresAfterDestroy?: pulumi.Input<number> | undefined;

  /**
   * Whether an `up` or a destroy may wake an idle service, which starts its paid compute. Has no effect on a stopped service.
   *
   * @default false
   */
  wakeService?: pulumi.Input<boolean> | undefined;

  /**
   * The names of advice to hide. Each piece of advice is shown once, and with each change that it is about.
   *
   * @default None.
   */
  suppressAdvice?: pulumi.Input<pulumi.Input<AdviceName>[]> | undefined;
}

/**
 * The dynamic resource for ClickHouse Cloud's endpoint `clickpipesCdcScaling`. A service has one.
 *
 * Programs use {@link CdcCompute}. Use this class to build a component of your own.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { CdcScaling } from "pulumi-clickpipes";
 *
 * class Replication extends pulumi.ComponentResource {
 *   constructor(name: string, serviceId: pulumi.Input<string>, opts?: pulumi.ComponentResourceOptions) {
 *     super("acme:index:Replication", name, {}, opts);
 *     new CdcScaling(name, { serviceId, cores: 8 }, { parent: this });
 *   }
 * }
 * ```
 *
 * @public
 */
export class CdcScaling extends pulumi.CustomResource {
  /** The id of the service. */
  declare readonly serviceId: pulumi.Output<string>;
  /** The id of the organization that owns the service. */
  declare readonly organizationId: pulumi.Output<string>;
  /** Cores per replica: with `initialLoad` the declared steady size, else the last observed size. */
  declare readonly cores: pulumi.Output<number>;
  /** Cores per replica, as last observed. During an initial load, the burst. */
  declare readonly currentCores: pulumi.Output<number>;
  /** Thousandths of a core per replica, as last observed. */
  declare readonly replicaCpuMillicores: pulumi.Output<number>;
  /** Gigabytes of memory per replica, as last observed. */
  declare readonly replicaMemoryGb: pulumi.Output<number>;
  /** The units that ClickHouse bills. One unit has 2 cores and 8 GB. */
  declare readonly computeUnits: pulumi.Output<number>;
  /** US dollars per hour, rounded to cents, at the price of the last change or refresh. */
  declare readonly usdPerHour: pulumi.Output<number>;
  /** US dollars per month of 730 hours, rounded to cents. */
  declare readonly usdPerMonth: pulumi.Output<number>;
  /** Cores per replica before this resource's first change. Undefined if it never changed the size. */
  declare readonly baselineCores: pulumi.Output<number | undefined>;
  /** Cores per replica of a change that was sent and has not been observed yet. Undefined if there is none. */
  declare readonly pendingCores: pulumi.Output<number | undefined>;
  /** Why the size was chosen when it last changed. `steady` without `initialLoad`. */
  declare readonly phase: pulumi.Output<Phase>;
  /** The phase in words, with the names of the pipes and the cost of a burst. */
  declare readonly phaseReason: pulumi.Output<string>;
  /** When the active burst started, in ISO 8601. Undefined if none is active. */
  declare readonly burstSince: pulumi.Output<string | undefined>;
  /** The last burst that has ended. Undefined without `initialLoad`. */
  declare readonly lastBurst: pulumi.Output<LastBurst | undefined>;

  /** Returns whether a value is a `CdcScaling`, also one of another copy of this package. */
  static override isInstance(value: unknown): value is CdcScaling {
    return pulumi.CustomResource.isInstance(value) && "__pulumiType" in value && value.__pulumiType === TYPE;
  }

  constructor(name: string, args: CdcScalingArgs, opts: pulumi.CustomResourceOptions = {}) {
    assertNotImported(name, opts);
    const traces = suppressStackTraces(opts);
    const secrets = listSecretProperties();
    const unknown = Object.keys(args).filter((argument) => !isArgumentName(argument));
    try {
      super(
        TYPE,
        name,
        {
          organizationId: undefined,
          currentCores: undefined,
          replicaCpuMillicores: undefined,
          replicaMemoryGb: undefined,
          computeUnits: undefined,
          usdPerHour: undefined,
          usdPerMonth: undefined,
          baselineCores: undefined,
          pendingCores: undefined,
          ...(args.initialLoad === undefined ? {} : DECIDED),
          // All of them, so that check can name the unknown ones.
          ...args,
          __provider: PROVIDER,
          __urn: pulumi.createUrn(name, TYPE, opts.parent),
          ...timeoutsOf(opts),
          ...(secrets.length === 0 ? {} : { __secrets: secrets }),
          ...(unknown.length === 0 ? {} : { __unknown: unknown }),
        },
        // A service has one setting. If the replacement were created first, deleting the old resource would undo it. Only the option has
        // this effect: the result of diff comes too late.
        { ...opts, deleteBeforeReplace: true },
      );
    } catch (error) {
      throw traces.traced(error);
    } finally {
      traces.end();
    }
    if (args.initialLoad === undefined) Object.assign(this, NOTHING_DECIDED);
    warnAboutPlaintextKey(this);
  }
}

/** Outputs that only an initial load has: in other programs each would cost the SDK four promises, for nothing. */
const DECIDED = {
  phase: undefined,
  phaseReason: undefined,
  burstSince: undefined,
  lastBurst: undefined,
};

const NOTHING = pulumi.output(undefined);
const NOTHING_DECIDED = {
  phase: pulumi.output<Phase>("steady"),
  phaseReason: pulumi.output("the program declares no initial load"),
  burstSince: NOTHING,
  lastBurst: NOTHING,
};

/** Pulumi can't import dynamic resources: it would end in an error of the SDK with a stack trace. */
function assertNotImported(name: string, { import: id }: pulumi.CustomResourceOptions): void {
  if (id === undefined) return;
  throw new pulumi.RunError(
    `${name} can't be imported, because Pulumi doesn't import dynamic resources. Remove the option \`import\`: \`pulumi up\` adopts the ` +
      "service's current size if `cores` has it, without a change",
  );
}

/** The engine keeps `customTimeouts` to itself: the provider sees them only as an input. */
function timeoutsOf({ customTimeouts }: pulumi.CustomResourceOptions): {
  __timeouts?: Record<string, string>;
} {
  const given = Object.entries(customTimeouts ?? {}).filter(([, limit]) => limit !== undefined);
  return given.length === 0 ? {} : { __timeouts: Object.fromEntries(given) };
}
