/**
 * A network for nodes on this machine that can fail: between each two of them, and for each
 * direction, stands a proxy that can be cut, reset, slowed and healed. It takes no rights: Linux
 * answers at every address of 127/8, and each JVM has a hosts file of its own in which the name of
 * another node is the address of the proxy on the way there.
 *
 * <p>Node {@code f} listens at {@code 127.x.f.f}; it finds node {@code t} as {@code nt} at {@code
 * 127.x.f.t}, same ports, where {@code x} belongs to the network. What it is sent comes from {@code
 * 127.x.f.f} too. A sink takes no names: for those there is {@code 127.x.0.t}, the same for all.
 *
 * <p>Nouns: {@link io.sluice.cli.proxy.ProxyNetwork} (all of it), {@link io.sluice.cli.proxy.Link}
 * (one direction between two nodes: what the first has opened to the second), {@link
 * io.sluice.cli.proxy.Relay} (one connection on it), {@link io.sluice.cli.proxy.ForwardingLoop}
 * (the one thread that moves the bytes).
 */
package io.sluice.cli.proxy;
