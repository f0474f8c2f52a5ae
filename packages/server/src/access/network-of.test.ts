import fc from "fast-check";
import { expect, it } from "vitest";
import { networkOf } from "./network-of.ts";

it.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["::FFFF:cb00:7107", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::", "2001:db8:1:2::/64"],
  ["2001:db8:1::9", "2001:db8:1:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["64:ff9b::203.0.113.7", "64:ff9b:0:0::/64"],
  ["unknown", "unknown"],
  ["", ""],
])("counts %s as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it("counts all addresses of one /64 as one, and those of two as two, however they are written", () => {
  const group = fc.integer({ min: 1, max: 0xffff }).map((value) => value.toString(16));
  const half = fc.array(group, { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(half, half, half, half, (net, other, a, b) => {
      const of = (prefix: readonly string[], rest: readonly string[]) =>
        networkOf([...prefix, ...rest].join(":"));
      expect(of(net, a)).toBe(of(net, b));
      expect(networkOf(`${net.join(":")}::`)).toBe(of(net, a));
      expect(of(net, a) === of(other, a)).toBe(net.join() === other.join());
    }),
  );
});
