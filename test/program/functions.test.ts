import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  DEFAULT_ORGANIZATION_ID,
  DEFAULT_SERVICE_ID,
  type Emulator,
  createSeed,
  startEmulator,
} from "../../emulator";
import { CdcCompute, getCdcScaling, getCdcScalingOutput, getDbClickPipesOutput } from "../../index";
import { getValue } from "../support/mocks";

const SERVICE = { serviceId: DEFAULT_SERVICE_ID };

/** A resource that a preview would create: its id is not known. */
class Later extends pulumi.CustomResource {
  constructor(name = "later", opts: pulumi.CustomResourceOptions = {}) {
    super("any:index:Later", name, {}, opts);
  }
}

/** What a program's own test does: Pulumi's mocks, and the emulator at the environment's address. */
describe("a function under Pulumi's mocks", () => {
  let emulator: Emulator;
  let variables: NodeJS.ProcessEnv;

  beforeEach(async () => {
    emulator = await startEmulator({ seed: createSeed(1) });
    variables = { ...process.env };
    Object.assign(process.env, emulator.environment);
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }) => ({
          id: type === "any:index:Later" ? undefined : `${name}-id`,
          state: inputs as object,
        }),
        call: () => ({}),
      },
      "project",
      "stack",
      /* preview */ true,
    );
    pulumi.runtime.setAllConfig({});
  });
  afterEach(async () => {
    await pulumi.runtime.disconnect();
    process.env = variables;
    await emulator.close();
  });

  const isKnown = (output: pulumi.Output<unknown>) => (output as unknown as Details).isKnown;

  it("returns what the emulator has", async () => {
    assert.equal((await getCdcScaling(SERVICE)).cores, 2);
    assert.equal(emulator.journal.count(), 2);
  });

  it("returns the same in its Output form", async () => {
    assert.equal(await getValue(getCdcScalingOutput(SERVICE).usdPerMonth), 146);
    const { clickPipes } = getDbClickPipesOutput({ serviceId: pulumi.output(DEFAULT_SERVICE_ID) });
    assert.deepEqual(await getValue(clickPipes.apply((pipes) => pipes.map(({ name }) => name))), ["pipe-1"]);
  });

  it("prefers the stack config", async () => {
    const key = "clickhouse:tokenSecret";
    pulumi.runtime.setAllConfig({ [key]: "another" }, [key]);
    await assert.rejects(
      getCdcScaling(SERVICE),
      /The key from .*stack config clickhouse:tokenSecret was not accepted/,
    );
    pulumi.runtime.setAllConfig({ "clickpipes:usdPerComputeUnitHour": "0.5" });
    assert.equal((await getCdcScaling(SERVICE)).usdPerHour, 0.5);
  });

  it("delays the end of the program until it has a response", async () => {
    const asked = getCdcScaling(SERVICE);
    await pulumi.runtime.disconnect();
    assert.equal(emulator.journal.count(), 2);
    await asked;
  });

  it("keeps an unknown id unknown, and sends nothing", async () => {
    const size = getCdcScalingOutput({ serviceId: new Later().id });
    assert.equal(await isKnown(size), false);
    assert.equal(emulator.journal.count(), 0);
  });

  it("keeps the result of a secret id secret", async () => {
    const { cores } = getCdcScalingOutput({ serviceId: pulumi.secret(DEFAULT_SERVICE_ID) });
    assert.equal(await pulumi.isSecret(cores), true);
    assert.equal(await getValue(cores), 2);
  });

  for (const setting of ["clickhouse:organizationId", "clickpipes:usdPerComputeUnitHour"]) {
    it(`keeps the result secret if ${setting} is a secret of the stack config`, async () => {
      const value = setting.endsWith("Id") ? DEFAULT_ORGANIZATION_ID : "0.17";
      pulumi.runtime.setAllConfig({ [setting]: value }, [setting]);
      assert.equal(await pulumi.isSecret(getCdcScalingOutput(SERVICE).cores), true);
    });
  }

  it("marks nothing as secret without a secret input", async () => {
    assert.equal(await pulumi.isSecret(getCdcScalingOutput(SERVICE).cores), false);
  });

  describe("with dependsOn", () => {
    it("waits for a resource that was not created yet, and sends nothing in a preview", async () => {
      for (const dependsOn of [new Later("one"), [new CdcCompute("there", size), new Later("other")]]) {
        assert.equal(await isKnown(getCdcScalingOutput(SERVICE, { dependsOn })), false);
      }
      assert.equal(emulator.journal.count(), 0);
    });

    it("waits for the children of a component", async () => {
      class Part extends pulumi.ComponentResource<undefined> {
        constructor() {
          super("my:index:Part", "part");
        }
        protected override async initialize(): Promise<undefined> {
          await new Promise((resolve) => setImmediate(resolve)); // as one that asks for something first
          new Later("child", { parent: this });
        }
      }
      assert.equal(await isKnown(getCdcScalingOutput(SERVICE, { dependsOn: new Part() })), false);
    });

    it("returns for existing resources, and depends on them", async () => {
      const compute = new CdcCompute("orders", size);
      const answer = getCdcScalingOutput(SERVICE, { dependsOn: pulumi.output([compute]) });
      assert.equal(await getValue(answer.cores), 2);
      const resources = await (answer as unknown as Details).allResources();
      const names = await Promise.all([...resources].map(({ urn }) => getValue(urn)));
      assert.ok(
        names.some((urn) => urn.endsWith("clickpipes:CdcScaling::orders")),
        names.join(),
      );
    });

    const size = { ...SERVICE, cores: 8 };
  });

  describe("that fails", () => {
    it("throws an error with a code that Pulumi prints without program text and stack", async () => {
      await assert.rejects(getCdcScaling({ serviceId: "orders" }), (error: Error & { code?: unknown }) => {
        assert.ok(pulumi.RunError.isInstance(error));
        assert.deepEqual([error.code, error.stack], ["invalid-arguments", ""]);
        return error.message.startsWith('Calling getCdcScaling failed: serviceId is "orders".');
      });
    });

    it("throws an error for the row of its parent", async () => {
      const parent = new CdcCompute("orders", { ...SERVICE, cores: 8 });
      await assert.rejects(getCdcScaling({ serviceId: "orders" }, { parent }), (error: Error) => {
        assert.ok(pulumi.ResourceError.isInstance(error));
        assert.deepEqual([error.resource, error.hideStack, error.stack], [parent, true, ""]);
        return true;
      });
    });

    it("names its Output form if an untyped program passes an Output", async () => {
      const serviceId = pulumi.output(DEFAULT_SERVICE_ID) as unknown as string;
      await assert.rejects(
        getCdcScaling({ serviceId }),
        /serviceId is an Output\. .*For Outputs, call the form of the function/,
      );
    });
  });
});

/** What an Output has and its public types do not name. */
interface Details {
  readonly isKnown: Promise<boolean>;
  allResources(): Promise<Set<pulumi.Resource>>;
}
