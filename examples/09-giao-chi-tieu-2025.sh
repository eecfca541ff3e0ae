#!/usr/bin/env bash
# Giao chỉ tiêu: tỉnh giao tiếp chỉ tiêu của mình cho các huyện (chia đều, theo kết quả năm trước, theo bảng trọng số), giao
# lại giữa năm, và chia chỉ tiêu nhiệm kỳ cho từng năm. Số liệu đặt thử.
# Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/giao-chi-tieu-2025.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
tinh="LĐLĐ tỉnh Ví Dụ"
bang="$(mktemp -d)/giao.csv"

ucli init --office "$tinh"
ucli batch --atomic <<HET
add-unit "LĐLĐ huyện An"   --kind district --parent "$tinh" --code AN
add-unit "LĐLĐ huyện Bình" --kind district --parent "$tinh" --code BINH
add-unit "LĐLĐ huyện Cửu"  --kind district --parent "$tinh" --code CUU
add-figure members-admitted 1.200 --unit AN   --period 2024
add-figure members-admitted 700   --unit BINH --period 2024
add-figure members-admitted 101   --unit CUU  --period 2024
set-target members-admitted 2.425      --unit "$tinh" --period 2025
set-target shelter-amount   "1 tỷ đồng" --unit "$tinh" --period 2025
HET

echo "== Theo kết quả năm 2024: xem trước, rồi giao =="
ucli allocate-target members-admitted --unit "$tinh" --period 2025 --by "theo năm trước" --dry-run
ucli allocate-target members-admitted --unit "$tinh" --period 2025 --by "theo năm trước" --decision 05/QĐ-LĐLĐ > /dev/null

echo "== Kinh phí: chia đều, không lệch một đồng =="
ucli allocate-target shelter-amount --unit "$tinh" --period 2025 --by "chia đều"

echo "== Giao lại từ 01/7/2025 theo bảng trọng số =="
printf 'Đơn vị;Trọng số\nAN;5\nBINH;4\nCUU;1,5\n' > "$bang"
ucli allocate-target members-admitted --unit "$tinh" --period 2025 --by "$bang" --effective 1/7/2025

echo "== Chỉ tiêu nhiệm kỳ 2023–2028, từng năm =="
ucli add-period 2023-2028 --term --unit "$tinh" --from 20/9/2023 --to 19/9/2028
ucli set-target members-admitted 12.003 --unit "$tinh" --period 2023-2028
ucli allocate-target members-admitted --unit "$tinh" --period 2023-2028 --by year
