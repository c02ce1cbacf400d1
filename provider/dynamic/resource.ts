import type { AdviceName } from "../state/inputs";
import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { LastBurst, Phase } from "../../sizing";
import { warnAboutPlaintextKey } from "./plaintext-key";
import { suppressStackTraces } from "./stack-traces";

export type { AdviceName };

const TYPE = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";

/** The module that Pulumi's dynamic-provider process loads, resolved from the program's folder. */
const PROVIDER_MODULE = "pulumi-clickpipes/provider";

/**
 * Names the provider's code instead of carrying it, as a serialised closure would: state stays small, no release of this
 * package, of Node or of the SDK changes it, and refresh and destroy run the code that is installed.
 */
const PROVIDER = `exports.handler=()=>require("${PROVIDER_MODULE}").provider`;

/** A larger size for as long as database ClickPipes take their initial load. */
export interface InitialLoadArgs {
  /** Whole cores per replica during the initial load, up to 24; not below the steady size. */
  cores: pulumi.Input<number>;

  /**
   * When the burst ends at the latest, in ISO 8601 with its zone, such as `2026-12-01T00:00:00Z`: from then on an `up` goes to the
   * steady size, whatever the pipes do. Default: none, which is warned about.
   */
  endBy?: pulumi.Input<string> | undefined;

  /** The ids of the ClickPipes whose initial load counts. Default: every database ClickPipe of the service. */
  pipes?: pulumi.Input<pulumi.Input<string>[]> | undefined;
}

/** The size of the compute that all database ClickPipes of one ClickHouse Cloud service share. */
export interface CdcScalingArgs {
  /** The service's id, a UUID. A change replaces the resource. */
  serviceId: pulumi.Input<string>;

  /**
   * The id of the organization that owns the service, a UUID. A change replaces the resource.
   *
   * Default: stack config `clickhouse:organizationId`, then environment `CLICKHOUSE_ORG_ID`, then the only organization
   * that the key can see. What was found is kept and used from then on.
   */
  organizationId?: pulumi.Input<string> | undefined;

  /** Whole cores per replica, 1 to 24; each comes with 4 GB of memory. With `initialLoad`: the steady size. */
  cores: pulumi.Input<number>;

  /**
   * A larger size while pipes take their initial load. Each `up` looks at the service's pipes and goes to the burst size or to
   * the steady one; where they can't be read the size stays. Default: none, and no request for the pipes.
   */
  initialLoad?: pulumi.Input<InitialLoadArgs> | undefined;

  /**
   * The largest size that `cores`, `initialLoad.cores` and `coresAfterDestroy` may have, 24 to 32 cores: opts in to sizes above the documented
   * limit. Default: 24.
   */
  maxCores?: pulumi.Input<number> | undefined;

  /** US dollars an hour above which the preview fails, the burst included. No effect where it is not set. */
  maxUsdPerHour?: pulumi.Input<number> | undefined;

  /**
   * Cores that a destroy leaves. Default: the size just before this resource's first change; where it never changed
   * anything, destroy leaves the size as it is.
   */
  coresAfterDestroy?: pulumi.Input<number> | undefined;

  /** Whether an `up` or a destroy may wake an idle service, which starts its paid compute. Default: false. */
  wakeService?: pulumi.Input<boolean> | undefined;

  /** Names of advice that is not to be given. Default: none, and each piece of advice is given once. */
  suppressAdvice?: pulumi.Input<pulumi.Input<AdviceName>[]> | undefined;
}

/**
 * The dynamic resource on ClickHouse Cloud's endpoint `clickpipesCdcScaling`: one for each service.
 *
 * Stacks use {@link CdcCompute}; this is for those who build a component of their own.
 */
export class CdcScaling extends pulumi.CustomResource {
  /** The service's id. */
  declare readonly serviceId: pulumi.Output<string>;
  /** The id of the organization that owns the service. */
  declare readonly organizationId: pulumi.Output<string>;
  /** Cores per replica, as last seen. */
  declare readonly cores: pulumi.Output<number>;
  /** Thousandths of a core per replica, as last seen. */
  declare readonly replicaCpuMillicores: pulumi.Output<number>;
  /** Gigabytes of memory per replica, as last seen. */
  declare readonly replicaMemoryGb: pulumi.Output<number>;
  /** What ClickHouse bills: 2 cores and 8 GB are one unit. */
  declare readonly computeUnits: pulumi.Output<number>;
  /** US dollars an hour at the price of the day the size was set, rounded to cents. */
  declare readonly usdPerHour: pulumi.Output<number>;
  /** US dollars in 730 hours, rounded to cents. */
  declare readonly usdPerMonth: pulumi.Output<number>;
  /** Cores just before this resource's first change; none where it never changed anything. */
  declare readonly baselineCores: pulumi.Output<number | undefined>;
  /** Cores that were asked for and have not been seen yet. */
  declare readonly pendingCores: pulumi.Output<number | undefined>;
  /** The declared `cores`; only with `initialLoad`. */
  declare readonly steadyCores: pulumi.Output<number | undefined>;
  /** What the size was chosen by, when it was last changed; only with `initialLoad`. */
  declare readonly phase: pulumi.Output<Phase | undefined>;
  /** Why, with the pipes' names and, during a burst, its cost; only with `initialLoad`. */
  declare readonly phaseReason: pulumi.Output<string | undefined>;
  /** Since when the burst is decided, in ISO 8601; only during one. */
  declare readonly burstSince: pulumi.Output<string | undefined>;
  /** The newest burst that has ended: its cores, and from when to when the service had them; only with `initialLoad`. */
  declare readonly lastBurst: pulumi.Output<LastBurst | undefined>;

  /** Whether a value is a `CdcScaling`, also one of another copy of this package. */
  static override isInstance(value: unknown): value is CdcScaling {
    return pulumi.CustomResource.isInstance(value) && "__pulumiType" in value && value.__pulumiType === TYPE;
  }

  constructor(name: string, args: CdcScalingArgs, opts: pulumi.CustomResourceOptions = {}) {
    assertResolvable();
    const traces = suppressStackTraces(opts);
    try {
      super(
        TYPE,
        name,
        {
          organizationId: undefined,
          replicaCpuMillicores: undefined,
          replicaMemoryGb: undefined,
          computeUnits: undefined,
          usdPerHour: undefined,
          usdPerMonth: undefined,
          baselineCores: undefined,
          pendingCores: undefined,
          ...(args.initialLoad === undefined ? {} : DECIDED),
          // Whole, so that check can name what it does not know.
          ...args,
          __provider: PROVIDER,
          ...(opts.ignoreChanges?.includes("cores") === true ? { __ignoresCores: true } : {}),
          __urn: pulumi.createUrn(name, TYPE, opts.parent),
          ...timeoutsOf(opts),
        },
        // The setting is one for each service: creating the replacement first would let the old one's end undo it. Only the
        // option has this effect; what diff answers comes too late.
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
  steadyCores: undefined,
  phase: undefined,
  phaseReason: undefined,
  burstSince: undefined,
  lastBurst: undefined,
};

const NOTHING = pulumi.output(undefined);
const NOTHING_DECIDED = {
  steadyCores: NOTHING,
  phase: NOTHING,
  phaseReason: NOTHING,
  burstSince: NOTHING,
  lastBurst: NOTHING,
};

/** The engine keeps `customTimeouts` to itself: the provider sees them only as an input. */
function timeoutsOf({ customTimeouts }: pulumi.CustomResourceOptions): {
  __timeouts?: Record<string, string>;
} {
  const given = Object.entries(customTimeouts ?? {}).filter(([, limit]) => limit !== undefined);
  return given.length === 0 ? {} : { __timeouts: Object.fromEntries(given) };
}

/** Pulumi loads the provider from the program's folder, in a process whose own error would not say what to do. */
function assertResolvable(): void {
  const folder = process.cwd();
  try {
    createRequire(join(folder, "program.js")).resolve(PROVIDER_MODULE);
  } catch {
    throw new pulumi.RunError(
      `${PROVIDER_MODULE} can't be resolved from the program's folder ${folder}: Pulumi loads the provider from there. ` +
        "Add pulumi-clickpipes to the dependencies of the package.json in that folder and install them",
    );
  }
}
