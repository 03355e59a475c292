import { FilesField } from "./FilesField";
import { Fold } from "./Fold";
import { RegistryField } from "./RegistryField";
import type { Form } from "./useForm";

const FIELDS = ["files", "secretFiles", "registryCredentials"] as const;

/** What the container is given beside its variables, and how its image is come by. */
export function FilesFields({ form, startsOpen }: { form: Form; startsOpen: boolean }) {
  return (
    <Fold form={form} fields={FIELDS} title="files, private registry" startsOpen={startsOpen}>
      <FilesField
        form={form}
        field="files"
        title="Files"
        description="Text, read-only in the container. Anybody who sees the app may read it."
      />
      <FilesField
        form={form}
        field="secretFiles"
        title="Secret files"
        description="Kept in a Secret and never shown again."
      />
      <RegistryField form={form} />
    </Fold>
  );
}
