import * as pulumi from "@pulumi/pulumi";
import type { FunctionOptions, FunctionOutputOptions, ServiceOutputArgs } from "./arguments";
import type { ServiceArgs } from "../provider/queries/arguments";

/** A function's Output form: asks as soon as all that it waits for is known, and not at all where that stays unknown. */
export function createOutputForm<Result>(
  args: ServiceOutputArgs,
  { dependsOn, ...opts }: FunctionOutputOptions,
  plain: (args: ServiceArgs, opts: FunctionOptions) => Promise<Result>,
): pulumi.Output<Result> {
  return pulumi
    .all([args.serviceId, args.organizationId, waitUntilCreated(dependsOn)])
    .apply(([serviceId, organizationId]) => plain({ serviceId, organizationId }, opts));
}

/** Known as soon as the resources are there: in a preview not before they were created. */
function waitUntilCreated(dependsOn: FunctionOutputOptions["dependsOn"] = []): pulumi.Output<unknown> {
  const resources: pulumi.Output<pulumi.Resource | pulumi.Resource[]> = pulumi.output(dependsOn);
  return resources.apply((given) => pulumi.all([given].flat().map(toCreated)));
}

/** What the SDK itself waits with in `dependsOn` and its types do not name; present in the oldest SDK that we take. */
interface Construction {
  /** Ends when a component has declared its children. */
  readonly __data?: Promise<unknown>;
  readonly __childResources?: ReadonlySet<pulumi.Resource>;
}

/** A component is there when its children are. */
function toCreated(resource: pulumi.Resource): pulumi.Output<unknown> {
  if (pulumi.CustomResource.isInstance(resource)) return resource.id;
  const component: pulumi.Resource & Construction = resource;
  const declared = Promise.resolve(component.__data).then(() => [...(component.__childResources ?? [])]);
  const children = pulumi.output(declared.then((all) => all.map(toCreated)));
  return pulumi.all([component.urn, children]);
}
