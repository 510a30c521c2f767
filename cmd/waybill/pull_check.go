package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"waybill/adapters/pull"
	"waybill/adapters/pull/rule"
	"waybill/cmd/waybill/doctor"
	"waybill/tracker"
	"waybill/tracker/limit"
)

// checkPullAccounts makes a call under each account of those names, or under all.
func (d *data) checkPullAccounts(ctx context.Context, names []string, number string) (map[string]doctor.AccountState, error) {
	stored, err := listAll[tracker.PullAccount](ctx, d.store, tracker.ListAll)
	if err != nil {
		return nil, err
	}
	now := d.program.now
	asker := d.newAsker(pullClient(d.config.Pull), pull.NewThrottle(limit.NewLocal(now), nil, now), 0)
	states := map[string]doctor.AccountState{}
	for _, one := range stored {
		if len(names) == 0 || slices.Contains(names, one.Key()) {
			states[one.Key()] = d.checkPullAccount(ctx, asker, one, number)
		}
	}
	for _, name := range names {
		if _, ok := states[name]; !ok {
			return nil, fmt.Errorf("there is no account %s; waybill accounts list shows those that are", name)
		}
	}
	return states, nil
}

func (d *data) checkPullAccount(ctx context.Context, asker *pull.Asker, stored *tracker.PullAccount, number string) doctor.AccountState {
	r := d.pullRule(stored.Carrier)
	if r == nil {
		return doctor.AccountState{What: "this version does not ask " + stored.Carrier}
	}
	account, err := pull.Open(stored, d.keys)
	if err != nil {
		return doctor.AccountState{What: err.Error()}
	}
	if forms := d.carriers.Carrier(stored.Carrier).Numbers; number == "" && len(forms) > 0 {
		number = forms[0].Example
	}
	replies, err := asker.Ask(ctx, account, []string{tracker.NormaliseNumber(number)})
	if err != nil {
		return doctor.AccountState{What: account.Mask(r, err.Error())}
	}
	switch replies[0].Verdict {
	case pull.Unreadable:
		return doctor.AccountState{What: "it is taken, but the reply is in none of the formats that are known of the carrier"}
	case pull.Unknown:
		return doctor.AccountState{Good: true, What: "it is taken; the number is not known to the carrier"}
	case pull.Refused:
		return doctor.AccountState{Good: true, What: "it is taken; the carrier does not like the number"}
	case pull.Answered:
	}
	return doctor.AccountState{Good: true, What: "it is taken, and the carrier told of the parcel"}
}

// readCredentials gathers what a rule wants: from the arguments, and for the rest from the terminal or the input.
func (p *program) readCredentials(r *rule.Rule, set []string) (map[string]string, error) {
	given := map[string]string{}
	for _, argument := range set {
		name, value, ok := strings.Cut(argument, "=")
		if !ok {
			return nil, usageError{errors.New("--set takes name=value or name=@file")}
		}
		if file, fromFile := strings.CutPrefix(value, "@"); fromFile {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("read the credential %s: %w", name, err)
			}
			value = strings.TrimSpace(string(text))
		}
		given[name] = value
	}
	lines := bufio.NewScanner(p.stdin)
	for _, credential := range r.Credentials {
		if given[credential.Name] != "" || credential.Default != "" {
			continue
		}
		_, _ = fmt.Fprintf(p.stderr, "%s (%s): ", credential.Name, credential.Says)
		value, err := p.readLine(lines, credential.Secret)
		if err != nil {
			return nil, fmt.Errorf("read the credential %s: %w", credential.Name, err)
		}
		given[credential.Name] = value
	}
	return given, nil
}

// readLine reads a line; of a terminal a secret one without showing it.
func (p *program) readLine(lines *bufio.Scanner, secret bool) (string, error) {
	if file, ok := p.stdin.(*os.File); ok && secret && term.IsTerminal(int(file.Fd())) {
		text, err := term.ReadPassword(int(file.Fd()))
		_, _ = fmt.Fprintln(p.stderr)
		return strings.TrimSpace(string(text)), err
	}
	if !lines.Scan() {
		if err := lines.Err(); err != nil {
			return "", err
		}
		return "", errors.New("the input has ended; give it by --set")
	}
	return strings.TrimSpace(lines.Text()), nil
}
