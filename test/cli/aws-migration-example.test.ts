import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { computeCost, computeCostBetween, formatUsd } from "../../sizing";
import { REPOSITORY } from "../support/project";
import { installProject, Stack } from "../support/stack";

interface Registered {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The types of the resources that existed when this one was created. */
  readonly after: readonly string[];
}

interface PipeSource {
  readonly postgres: Readonly<Record<string, unknown>>;
}

const PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup";
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DATABASE = "aws:rds/instance:Instance";
const PIPE = "clickhouse:index/clickpipe:Clickpipe";
const SCALING = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";

/** Runs the compiled program under mocks, with the config that it reads from its input, and prints what was registered. */
const RUNNER = `
const pulumi = require("@pulumi/pulumi");
const registered = [];
const existing = [];
async function main() {
  await pulumi.runtime.setMocks(
    {
      async newResource({ type, name, inputs }) {
        registered.push({ type, inputs, after: [...existing] });
        await new Promise((resolve) => setTimeout(resolve, 10)); // as long as others are asked for that need not wait
        existing.push(type);
        const given = { id: name + "-id", name, address: "db.example.com", port: 5432, masterUserSecrets: [] };
        return { id: given.id, state: { ...given, ...inputs } };
      },
      call: () => ({}),
    },
    "aws-migration",
    "dev",
  );
  pulumi.runtime.setAllConfig(JSON.parse(require("node:fs").readFileSync(0, "utf8")));
  require("./built/index.js");
  await pulumi.runtime.disconnect();
  console.log(JSON.stringify(registered));
}
main();
`;

const README = readFileSync(join(REPOSITORY, "examples", "aws-migration", "README.md"), "utf8");
/** The commands of its steps: those before the first `pulumi up`, and the one that names the tables. */
const CONFIG_COMMANDS = README.match(/^ *pulumi config set .*$/gm) ?? [];
const isAboutTables = (command: string) => command.includes("tables[");

/** How Pulumi marks a secret among a resource's inputs. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** `@pulumi/aws` is too large to be installed with the repository: the types of this example are checked here alone. */
describe("the example aws-migration, installed outside the repository", () => {
  let folder: string;
  let typeErrors: string;
  let config: Record<string, string>;
  let registered: readonly Registered[];
  let registeredWithoutTables: readonly Registered[];

  before(async () => {
    folder = await installProject(join("examples", "aws-migration"));
    const tsc = ["node_modules/typescript/bin/tsc", "-p", ".", "--noEmit", "false", "--outDir", "built"];
    typeErrors = spawnSync(process.execPath, tsc, { cwd: folder, encoding: "utf8" }).stdout;
    writeFileSync(join(folder, "run.js"), RUNNER);
    const stack = await Stack.createIn(folder, undefined);
    registeredWithoutTables = runUnderMocks(
      await configure(
        stack,
        CONFIG_COMMANDS.filter((command) => !isAboutTables(command)),
      ),
    );
    config = await configure(stack, CONFIG_COMMANDS.filter(isAboutTables));
    registered = runUnderMocks(config);
  });

  /** Runs commands of the README, and returns what a program then gets, defaults of Pulumi.yaml included. */
  async function configure(stack: Stack, commands: readonly string[]): Promise<Record<string, string>> {
    const input = "password-of-a-test\n"; // to the command that asks for it
    const options = { cwd: folder, env: stack.variables, input };
    execFileSync("bash", ["-e", "-c", commands.join("\n")], options);
    const { stdout } = await stack.run("config", "--json", "--show-secrets");
    const values = Object.entries(JSON.parse(stdout) as Record<string, { value: string }>);
    return Object.fromEntries(values.map(([key, { value }]) => [key, value]));
  }

  function runUnderMocks(values: Readonly<Record<string, string>>): Registered[] {
    const options = { cwd: folder, encoding: "utf8", input: JSON.stringify(values) } as const;
    return JSON.parse(execFileSync(process.execPath, ["run.js"], options)) as Registered[];
  }

  const find = (type: string) =>
    registered.find((resource) => resource.type === type) ?? assert.fail(`no ${type}`);

  it("type-checks against the real @pulumi/aws and the packed package", () => assert.equal(typeErrors, ""));

  it("gives the database the parameters that logical replication needs", () => {
    const { parameters } = find(PARAMETER_GROUP).inputs as { parameters: { name: string; value: string }[] };
    const value = (parameter: string) => Number(parameters.find((entry) => entry.name === parameter)?.value);
    assert.equal(find(DATABASE).inputs.parameterGroupName, "orders");
    assert.equal(value("rds.logical_replication"), 1);
    assert.ok(value("max_replication_slots") >= 4);
    assert.ok(value("max_wal_senders") > 1);
    assert.ok(value("wal_sender_timeout") >= 5 * 60_000);
    assert.ok(value("max_slot_wal_keep_size") >= 200 * 1024);
  });

  it("lets only the addresses of the config reach the database, on the port of Postgres", () => {
    assert.deepEqual(find(SECURITY_GROUP).inputs.ingress, [
      { protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: ["192.0.2.10/32"] },
    ]);
    assert.deepEqual(find(DATABASE).inputs.vpcSecurityGroupIds, ["orders-id"]);
  });

  it("creates the pipe after the database, and the scaling after the pipe", () => {
    assert.ok(find(PIPE).after.includes(DATABASE));
    assert.ok(find(SCALING).after.includes(PIPE));
  });

  it("copies the tables of the config as the user that the README creates, from its publication", () => {
    const source = find(PIPE).inputs.source as { value?: PipeSource };
    const { host, credentials, settings, tableMappings } = (source.value ?? (source as PipeSource)).postgres;
    assert.equal(host, "db.example.com");
    assert.deepEqual(credentials, { username: "clickpipes", password: "password-of-a-test" });
    assert.match(README, /CREATE USER clickpipes PASSWORD[^]*CREATE PUBLICATION clickpipes FOR TABLE/);
    assert.equal((settings as Record<string, unknown>).publicationName, "clickpipes");
    assert.deepEqual(tableMappings, [
      { sourceSchemaName: "public", sourceTable: "orders", targetTable: "public_orders" },
    ]);
  });

  it("keeps the password of the pipe's user secret", () => {
    const { [SECRET_MARK]: mark } = find(PIPE).inputs.source as Record<string, unknown>;
    assert.equal(mark, SECRET);
  });

  it("scales to 24 cores while pipes load, until the endBy of the config, and to 2 cores after it", () => {
    const { cores, initialLoad } = find(SCALING).inputs;
    assert.deepEqual(
      { cores, initialLoad },
      { cores: 2, initialLoad: { cores: 24, endBy: config["aws-migration:endBy"] } },
    );
  });

  it("creates the database without pipe and compute while no table is named", () => {
    const types = registeredWithoutTables.map(({ type }) => type);
    assert.ok(types.includes(DATABASE));
    assert.deepEqual(
      types.filter((type) => type === PIPE || type === SCALING),
      [],
    );
  });

  it("costs what its README says", () => {
    const { cores, initialLoad } = find(SCALING).inputs as { cores: number; initialLoad: { cores: number } };
    const twoDays = computeCostBetween(initialLoad.cores, new Date(0), new Date(2 * 24 * 3_600_000)).usd;
    assert.ok(
      README.includes(`${formatUsd(computeCost(initialLoad.cores).usdPerHour)} an hour during the load`),
    );
    assert.ok(README.includes(`so ${formatUsd(twoDays)} at most`));
    assert.ok(README.includes(`$${computeCost(cores).usdPerMonth} a month from then on`));
  });
});
