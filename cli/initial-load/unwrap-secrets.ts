/** What marks a secret in Pulumi's state. Source: Pulumi SDK, `runtime/rpc`, `specialSigKey` and `specialSecretSig`. */
const MARK = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A value of an exported state, with secrets as what they hide: ids that a program marked as secret are ids all the same. */
export function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Readonly<Record<string, unknown>>;
  if (object[MARK] === SECRET && typeof object.plaintext === "string") {
    return unwrapSecrets(JSON.parse(object.plaintext));
  }
  return Object.fromEntries(Object.entries(object).map(([name, part]) => [name, unwrapSecrets(part)]));
}
