import * as pulumi from "@pulumi/pulumi";

/** The properties that would show a setting of the stack config. */
const PROPERTIES_BY_SETTING: Readonly<Record<string, readonly string[]>> = {
  "clickhouse:organizationId": ["organizationId"],
  "clickpipes:usdPerComputeUnitHour": ["usdPerHour", "usdPerMonth", "phaseReason"],
};

/** Lists the properties that the provider must encrypt, because they show a setting that is a secret of the stack config. */
export function listSecretProperties(): string[] {
  return Object.entries(PROPERTIES_BY_SETTING).flatMap(([setting, properties]) =>
    hasConfig(setting) && isSecretConfig(setting) ? properties : [],
  );
}

function hasConfig(key: string): boolean {
  const [namespace, name = ""] = key.split(":");
  return new pulumi.Config(namespace).get(name) !== undefined;
}

/** The SDK has this function in all supported versions, but not in its types. */
export function isSecretConfig(key: string): boolean {
  const { isConfigSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  return isConfigSecret?.(key) ?? true;
}
