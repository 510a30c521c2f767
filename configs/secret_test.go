package configs_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestNoFormShowsASecret(t *testing.T) {
	t.Parallel()
	environment := []string{
		"WAYBILL_MONGO_URI=mongodb://waybill:hunter2@db1:27017,db2:27017/w?authSource=hunter2",
		"WAYBILL_REDIS_URL=rediss://:hunter2/with@slash@cache:6379/0", "WAYBILL_SMTP_PASSWORD=hunter2",
		"WAYBILL_TWILIO_AUTH_TOKEN=hunter2", "WAYBILL_SEAL_KEY=" + goodKey,
	}
	config, origins, err := load(t, "", environment)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "config", config)
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "config", config)
	encoded, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprint(config.Masked(origins))
	for form, text := range map[string]string{
		"%v": fmt.Sprint(config), "%+v": fmt.Sprintf("%+v", config), "%#v": fmt.Sprintf("%#v", config),
		"%x": fmt.Sprintf("%x %q", config.Seal.Key, config.Mongo.URI), "json": string(encoded), "slog": log.String(), "masked": shown,
	} {
		if strings.Contains(text, "hunter2") || strings.Contains(text, goodKey[:8]) {
			t.Errorf("%s shows a secret: %s", form, text)
		}
	}
	for _, want := range []string{
		"mongo.uri mongodb://***@db1:27017,db2:27017/w?*** environment", "redis.url rediss://***@cache:6379/0 environment",
		"smtp.password set", "webpush.private_key not set", "silence.delayed_after 3d default",
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("the masked settings lack %q: %s", want, shown)
		}
	}
}
