import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly port: number;
  /** Lines that were cut by their bytes. */
  cuts(): number;
  /** Cuts every line now. */
  cutAll(): void;
  close(): Promise<void>;
}

/** Passes everything on to a port of this machine, until a connection has carried as many bytes as `cutAfter` says: then it breaks. */
export async function openCuttingProxy(port: number, cutAfter: () => number): Promise<CuttingProxy> {
  const open = new Set<Socket>();
  let cuts = 0;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    let left = cutAfter();
    const end = () => {
      near.destroy();
      far.destroy();
      open.delete(near);
    };
    const pass = (from: Socket, to: Socket) => {
      from.on('data', (piece) => {
        // Also in the middle of a frame.
        to.write(piece.subarray(0, left));
        left -= piece.length;
        if (left > 0) return;
        cuts++;
        to.end();
        from.destroy();
      });
      from.on('error', end);
      from.on('close', end);
    };
    open.add(near);
    pass(near, far);
    pass(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    cutAll,
    port: (server.address() as { port: number }).port,
    cuts: () => cuts,
    close() {
      cutAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
