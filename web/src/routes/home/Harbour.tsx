import { Mark } from "../../components/Mark/Mark";
import classes from "./Harbour.module.css";

const OLD = ["ready", "stopping"];
const NEW = ["ready", "ready", "starting", "waiting"];

/** A picture of a rollout on its way: the old revision leaves as the new one comes in. */
export function Harbour() {
  return (
    <figure className={classes.harbour} aria-label="A rollout: two pods of the old revision leave, four new ones come in">
      <div className={classes.mark}>
        <Mark size={132} />
      </div>
      <div className={classes.line} aria-hidden="true">
        <div className={classes.old}>{OLD.map((state) => <span key={state} data-state={state} />)}</div>
        <div className={classes.new}>{NEW.map((state, index) => <span key={index} data-state={state} />)}</div>
      </div>
      <p className={classes.words} aria-hidden="true">
        <span className={classes.name}>engine</span>
        <span>2 of 4 ready</span>
      </p>
    </figure>
  );
}
