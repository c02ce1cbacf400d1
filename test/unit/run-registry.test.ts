import assert from "node:assert/strict";
import { RunRegistry } from "../../provider/operation/run-registry";
import { readState } from "../../provider/state/stored-state";
import { getResourceName } from "../../provider/state/urn";

const ORDERS = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic:Resource::orders";
const EVENTS = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic:Resource::events";

function stateOf(serviceId: string, cores = 8) {
  return readState({ serviceId, organizationId: "organization", cores });
}

describe("a run", () => {
  let run: RunRegistry;
  beforeEach(() => {
    run = new RunRegistry();
  });

  describe("that is told which services are declared", () => {
    it("names the resource that declares a service already", () => {
      run.declare("service", ORDERS);
      assert.equal(run.declare("service", EVENTS), ORDERS);
    });

    it("finds no other resource where there is none", () => {
      assert.equal(run.declare("service", ORDERS), undefined);
    });

    it("lets a resource declare its service twice", () => {
      run.declare("service", ORDERS);
      assert.equal(run.declare("service", ORDERS), undefined);
    });

    it("lets two resources declare two services", () => {
      run.declare("service", ORDERS);
      assert.equal(run.declare("other", EVENTS), undefined);
    });

    it("frees the service that a resource declared before", () => {
      run.declare("service", ORDERS);
      run.declare("other", ORDERS);
      assert.equal(run.declare("service", EVENTS), undefined);
    });

    it("keeps the first resource after a second one was refused", () => {
      run.declare("service", ORDERS);
      run.declare("service", EVENTS);
      assert.equal(run.declare("service", EVENTS), ORDERS);
    });

    it("lets a refused resource keep the service it had", () => {
      run.declare("service", ORDERS);
      run.declare("other", EVENTS);
      run.declare("service", EVENTS);
      assert.equal(run.isDeclared("other"), true);
    });

    it("knows a declared service", () => {
      run.declare("service", ORDERS);
      assert.equal(run.isDeclared("service"), true);
    });

    it("does not know another one", () => assert.equal(run.isDeclared("service"), false));
  });

  describe("in which a resource is replaced", () => {
    it("hands its state over", () => {
      run.handOver(stateOf("service"));
      assert.deepEqual(run.takeOver("service"), stateOf("service"));
    });

    it("hands it over once", () => {
      run.handOver(stateOf("service"));
      run.takeOver("service");
      assert.equal(run.takeOver("service"), undefined);
    });

    it("hands nothing over to another service", () => {
      run.handOver(stateOf("service"));
      assert.equal(run.takeOver("other"), undefined);
    });

    it("leaves the state there for its own service", () => {
      run.handOver(stateOf("service"));
      run.takeOver("other");
      assert.notEqual(run.takeOver("service"), undefined);
    });

    it("hands over the newest state", () => {
      run.handOver(stateOf("service", 4));
      run.handOver(stateOf("service", 16));
      assert.equal(run.takeOver("service")?.cores, 16);
    });
  });

  describe("in which resources wait for a slot", () => {
    it("says nothing where none waits", () => assert.equal(run.slotHint, ""));

    it("speaks of one", () => {
      run.expectOperation(ORDERS);
      assert.match(run.slotHint, /^; 1 more waits for a slot \(PULUMI_PARALLEL sets how many\)$/);
    });

    it("speaks of several", () => {
      run.expectOperation(ORDERS);
      run.expectOperation(EVENTS);
      assert.match(run.slotHint, /^; 2 more wait for a slot/);
    });

    it("counts a resource once", () => {
      run.expectOperation(ORDERS);
      run.expectOperation(ORDERS);
      assert.match(run.slotHint, /^; 1 more/);
    });

    it("counts one no longer that has begun", () => {
      run.expectOperation(ORDERS);
      run.startOperation(ORDERS);
      assert.equal(run.slotHint, "");
    });

    it("gets along with a beginning that nobody expected", () => {
      run.expectOperation(ORDERS);
      run.startOperation(EVENTS);
      assert.match(run.slotHint, /^; 1 more/);
    });
  });
});

describe("a resource's name", () => {
  it("is the last part of its URN", () => assert.equal(getResourceName(ORDERS), "orders"));

  it("is the whole text where that is no URN", () => assert.equal(getResourceName("orders"), "orders"));

  it("may hold what separates a URN's parts", () => {
    assert.equal(getResourceName("urn:pulumi:dev::shop::type::a::b"), "a::b");
  });

  it("may hold a colon", () =>
    assert.equal(getResourceName("urn:pulumi:dev::shop::type::eu:orders"), "eu:orders"));
});
