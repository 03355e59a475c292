import { formatValue } from "../../format/units";

const GIB = 2 ** 30;

export interface VolumeShown {
  name: string;
  path: string;
  sizeGib: number;
  storageClass?: string | null;
}

export interface DiskShown {
  name: string;
  capacity?: number | null;
}

/**
 * A disk of each replica in words: `data at /var/lib/data, 10 GiB`. Of the app's `disks` those of another size are named:
 * one that was taken over keeps its own.
 */
export function volumeText(volume: VolumeShown, disks: readonly DiskShown[] = []): string {
  const { name, path, sizeGib, storageClass } = volume;
  const others = disks.flatMap((disk) =>
    disk.name.startsWith(`${name}-`) && disk.capacity != null && disk.capacity !== sizeGib * GIB
      ? `; ${disk.name} has ${formatValue(disk.capacity, "BYTES")}`
      : [],
  );
  return `${name} at ${path}, ${sizeGib} GiB${storageClass ? ` of ${storageClass}` : ""}${others.join("")}`;
}
