export interface VolumeShown {
  name: string;
  path: string;
  sizeGib: number;
  storageClass?: string | null;
}

/** A disk of each replica in words: `data at /var/lib/data, 10 GiB`. */
export function volumeText({ name, path, sizeGib, storageClass }: VolumeShown): string {
  return `${name} at ${path}, ${sizeGib} GiB${storageClass ? ` of ${storageClass}` : ""}`;
}
